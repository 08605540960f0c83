// An icon on a round ground.
import QtQuick

Rectangle {
    id: disc

    property alias name: icon.name
    property alias tint: icon.tint
    property int iconSide: Math.round(width * 0.58)

    width: Theme.disc
    height: width
    radius: width / 2
    color: Theme.brandTint
    border.width: Theme.highContrast ? Theme.outlineWidth : 0
    border.color: tint

    KsIcon {
        id: icon
        anchors.centerIn: parent
        side: disc.iconSide
    }
}
