// The permanent mark of a practice column.
import QtQuick

Rectangle {
    id: practice
    objectName: "practice"

    property alias text: words.text

    visible: text !== ""
    height: visible ? words.implicitHeight + Theme.inset : 0
    color: Theme.warningTint

    Rectangle {
        width: parent.width
        height: Theme.outlineWidth
        anchors.bottom: parent.bottom
        color: Theme.warning
    }
    KsIcon {
        id: sign
        name: practice.visible ? "warning" : ""
        tint: Theme.warning
        side: Math.round(Theme.label * 1.3)
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
    }
    KsText {
        id: words
        x: sign.x + sign.width + Theme.step
        width: parent.width - x - Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        px: Theme.label
        weight: Font.DemiBold
        lineHeight: Theme.titleLeading
        color: Theme.warning
    }
}
