// Where the keyboard is: dark outside, light inside, seen on any ground.
import QtQuick

Rectangle {
    id: ring

    property bool shown: false
    property int corner: Theme.radiusSmall

    visible: shown
    anchors.fill: parent
    anchors.margins: -Theme.focusOutset
    radius: corner + Theme.focusOutset
    color: "transparent"
    border.width: Theme.focusOuterWidth
    border.color: Theme.focusOuter

    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.focusOuterWidth
        radius: ring.corner + Theme.focusOutset - Theme.focusOuterWidth
        color: "transparent"
        border.width: Theme.focusInnerWidth
        border.color: Theme.focusInner
    }
}
