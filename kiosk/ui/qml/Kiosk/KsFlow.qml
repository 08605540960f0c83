// Reading matter in cards, on as many pages as it needs.
pragma ComponentBehavior: Bound
import QtQuick

Item {
    id: flow

    required property var kiosk
    required property var sheets
    property int at: 0
    readonly property int shownPage: Math.max(0, Math.min(at, sheets.length - 1))
    readonly property var sheet: sheets[shownPage] ?? []
    readonly property int used: sheet.reduce((low, placed) => Math.max(low, placed.y + placed.height), 0)

    Repeater {
        model: flow.sheet.length

        KsBlock {
            required property int index

            placed: flow.sheet[index] ?? null
            codeName: flow.kiosk.words.code_name
        }
    }
    KsPager {
        kiosk: flow.kiosk
        count: flow.sheets.length
        at: flow.shownPage
        width: parent.width
        anchors.bottom: parent.bottom
        onTurned: page => flow.at = page
    }
}
