// Reading matter in cards, one page of it at a time.
pragma ComponentBehavior: Bound
import QtQuick

Item {
    id: flow

    required property var kiosk
    required property var sheets
    property int at: 0
    readonly property var sheet: sheets[at] ?? []
    readonly property int used: sheet.reduce((low, placed) => Math.max(low, placed.y + placed.height), 0)

    Repeater {
        model: flow.sheet.length

        KsBlock {
            required property int index

            placed: flow.sheet[index] ?? null
            codeName: flow.kiosk.words.code_name
        }
    }
}
