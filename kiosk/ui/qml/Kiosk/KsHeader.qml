// Who speaks, and what time it is. Portrait: one row; landscape: brand in the rail, clock above the page.
import QtQuick

Item {
    id: header

    required property var kiosk
    property bool brandShown: true
    readonly property var words: kiosk.header

    implicitHeight: Math.max(Theme.header, brandShown && Theme.portrait ? brand.height + 2 * Theme.step : 0)

    Rectangle {
        id: mark
        visible: header.brandShown
        x: Theme.portrait ? Theme.margin : Theme.toolbarPad
        y: Math.round((header.height - height) / 2) + 4
        width: Theme.mark
        height: Theme.mark
        radius: Theme.radiusSmall
        color: Theme.brand

        KsText {
            anchors.centerIn: parent
            text: header.words.mark
            px: Math.max(Theme.body, Math.round(Theme.mark * 0.56))
            weight: Font.Bold
            color: Theme.brandInk
            lineHeight: 1
            spokenElsewhere: true
        }
    }
    Column {
        id: brand
        visible: header.brandShown
        x: mark.x + mark.width + Theme.step
        width: Theme.portrait ? clock.x - x - Theme.gap : Theme.rail - x - Theme.toolbarPad
        y: Math.max(Theme.step, mark.y + Math.round((mark.height - height) / 2))

        KsText {
            width: parent.width
            text: header.words.name
            px: Theme.title
            weight: Font.Bold
            lineHeight: Theme.titleLeading
        }
        KsText {
            width: parent.width
            text: header.words.place
            px: Theme.label
            lineHeight: Theme.titleLeading
            color: Theme.inkMuted
        }
    }
    Column {
        id: clock
        x: header.width - Theme.margin - width
        width: Math.max(hours.implicitWidth, day.implicitWidth) + 2
        anchors.verticalCenter: mark.verticalCenter

        KsText {
            id: hours
            width: parent.width
            text: header.kiosk.time
            px: Theme.title
            weight: Font.Bold
            lineHeight: Theme.titleLeading
            font.features: ({
                    "tnum": 1
                })
            horizontalAlignment: Text.AlignRight
        }
        KsText {
            id: day
            width: parent.width
            text: header.kiosk.date
            px: Theme.label
            lineHeight: Theme.titleLeading
            color: Theme.inkMuted
            horizontalAlignment: Text.AlignRight
        }
    }
    readonly property int clockWidth: clock.width
}
