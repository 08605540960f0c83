// One key of the on-screen keyboard; a touch leaves the focus in the field.
import QtQuick

KsPressable {
    id: key

    property string sign: ""
    property bool bar: false
    property bool quiet: false
    property int row: 0
    property int px: Theme.title
    property int signSide: Theme.compactIcon

    background: Rectangle {
        radius: key.corner
        color: key.down ? Theme.brandTint : key.quiet ? Theme.sunken : Theme.surface
        border.width: Theme.outlineWidth
        border.color: Theme.outline
    }
    contentItem: Item {
        KsText {
            anchors.centerIn: parent
            visible: key.sign === "" && !key.bar
            text: key.text
            px: key.px
            weight: Font.DemiBold
            lineHeight: 1
            spokenElsewhere: true
        }
        KsIcon {
            anchors.centerIn: parent
            visible: key.sign !== ""
            name: key.sign
            tint: Theme.ink
            side: Math.min(key.signSide, parent.height - 8)
        }
        Rectangle {
            anchors.centerIn: parent
            visible: key.bar
            width: parent.width * 0.6
            height: 5
            radius: 2
            color: Theme.ink
        }
    }
}
