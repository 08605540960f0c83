// Ten digits, "clear" and "last digit back". A pressed key is handed on and kept nowhere.
pragma ComponentBehavior: Bound
import QtQuick

Item {
    id: keypad

    required property var kiosk
    property int rank: 20
    property int keyHeight: Theme.key
    property int gap: Theme.gap
    readonly property int keyWidth: Math.floor((width - 2 * gap) / 3)
    readonly property var layout: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "backspace"]
    readonly property var order: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "clear", "backspace"]
    signal pressed(string key)

    implicitHeight: 4 * keyHeight + 3 * gap

    Repeater {
        model: keypad.layout.length

        KsKey {
            id: key

            required property int index
            readonly property string what: keypad.layout[index]
            readonly property bool digit: what.length === 1

            objectName: "key_" + what
            rank: keypad.rank + keypad.order.indexOf(what)
            row: Math.floor(index / 3) + 1
            x: (index % 3) * (keypad.keyWidth + keypad.gap)
            y: Math.floor(index / 3) * (keypad.keyHeight + keypad.gap)
            width: keypad.keyWidth
            height: keypad.keyHeight
            quiet: !digit
            sign: what === "backspace" ? "backspace-bold" : ""
            px: digit ? Math.max(Theme.body, Math.min(Math.round(keypad.keyHeight * 0.45), Math.round(Theme.title * 1.5))) : Theme.title
            signSide: Math.max(Theme.compactIcon, px)
            text: digit ? what : what === "clear" ? keypad.kiosk.words.key_clear : ""
            spoken: digit ? what : what === "clear" ? keypad.kiosk.words.key_clear : keypad.kiosk.words.key_digit_back
            onClicked: keypad.pressed(what)
        }
    }
}
