// Our own keyboard: letters of the language, accents at hand, digits and signs one touch away. No swiping, no long press.
pragma ComponentBehavior: Bound
import QtQuick

Column {
    id: keyboard

    required property var kiosk
    required property var field
    property int keyHeight: Theme.key
    property bool digits: false
    property bool both: false // digits above the letters and signs of addresses at hand, for codes and e-mail
    readonly property var rows: digits ? kiosk.keyboard.digits : both ? [kiosk.keyboard.digits[0], ...kiosk.keyboard.letters.slice(0, 3), ["@", ".", "-", "_"]] : kiosk.keyboard.letters
    readonly property int gap: Math.max(Theme.toolbarGap, 8)
    readonly property int most: rows.slice(0, -1).reduce((most, row) => Math.max(most, row.length), 1)
    readonly property real unit: (width - (most - 1) * gap) / most
    readonly property var extras: rows[rows.length - 1]

    function press(sign: string): void {
        field.insert(field.cursorPosition, sign);
    }

    spacing: gap

    Repeater {
        model: keyboard.rows.length - 1

        Row {
            id: line

            required property int index
            readonly property var signs: keyboard.rows[index]

            anchors.horizontalCenter: parent ? parent.horizontalCenter : undefined
            spacing: keyboard.gap

            Repeater {
                model: line.signs.length

                KsKey {
                    required property int index

                    text: (line.signs[index] ?? "").toUpperCase().replace("SS", "ß")
                    objectName: "key_" + (line.signs[index] ?? "")
                    rank: 3000 + line.index * 100 + index
                    row: line.index + 1
                    width: keyboard.unit
                    height: keyboard.keyHeight
                    onClicked: keyboard.press(line.signs[index])
                }
            }
        }
    }
    Row {
        id: last

        readonly property real wide: keyboard.unit * 1.5 + keyboard.gap / 2

        width: parent.width
        spacing: keyboard.gap

        KsKey {
            objectName: "key_digits"
            rank: 3300
            row: 4
            quiet: true
            px: Theme.label
            width: last.wide
            height: keyboard.keyHeight
            text: keyboard.digits ? "ABC" : "123"
            spoken: keyboard.digits ? keyboard.kiosk.words.key_letters : keyboard.kiosk.words.key_digits
            onClicked: keyboard.digits = !keyboard.digits
        }
        Repeater {
            model: keyboard.extras.length

            KsKey {
                required property int index

                text: (keyboard.extras[index] ?? "").toUpperCase()
                objectName: "key_" + text.toLowerCase()
                rank: 3301 + index
                row: 4
                width: keyboard.unit
                height: keyboard.keyHeight
                onClicked: keyboard.press(keyboard.extras[index])
            }
        }
        KsKey {
            objectName: "key_space"
            rank: 3320
            row: 4
            bar: true
            width: parent.width - 3 * last.wide - keyboard.extras.length * keyboard.unit - (3 + keyboard.extras.length) * keyboard.gap
            height: keyboard.keyHeight
            spoken: keyboard.kiosk.words.key_space
            onClicked: keyboard.press(" ")
        }
        KsKey {
            objectName: "key_backspace"
            rank: 3321
            row: 4
            quiet: true
            sign: "backspace-bold"
            width: last.wide
            height: keyboard.keyHeight
            spoken: keyboard.kiosk.words.key_backspace
            onClicked: keyboard.field.remove(keyboard.field.cursorPosition - 1, keyboard.field.cursorPosition)
        }
        KsKey {
            objectName: "key_clear"
            rank: 3322
            row: 4
            quiet: true
            sign: "x-bold"
            width: last.wide
            height: keyboard.keyHeight
            spoken: keyboard.kiosk.words.key_clear
            onClicked: keyboard.field.clear()
        }
    }
}
