// For technicians: a mark anywhere on the whole screen that is to be touched, or a line of a length on the glass.
pragma ComponentBehavior: Bound
import QtQuick

KsPage {
    id: page

    required property Item glass // the whole canvas: corners are where a panel is wrong first
    readonly property real length: model.pixels(words.ruler_mm)

    Rectangle {
        id: line
        objectName: "ruler"
        visible: page.words.ruler_mm > 0
        anchors.centerIn: parent
        width: page.length
        height: Math.round(4 * Theme.unit)
        color: Theme.ink

        Repeater {
            model: 2

            Rectangle {
                required property int index

                x: index * line.width - width / 2
                anchors.verticalCenter: parent.verticalCenter
                width: Math.round(4 * Theme.unit)
                height: Theme.target
                color: Theme.ink
            }
        }
    }

    Item {
        id: layer
        visible: page.words.marked && page.visible
        parent: page.glass
        z: 1
        width: Theme.width
        height: Theme.height

        Item {
            id: mark
            x: page.words.mark_x / 1000 * layer.width
            y: page.words.mark_y / 1000 * layer.height

            Rectangle {
                anchors.centerIn: parent
                width: Theme.target
                height: width
                radius: width / 2
                color: Theme.brandTint
                border.width: Math.round(4 * Theme.unit)
                border.color: Theme.brandText
            }
            Rectangle {
                anchors.centerIn: parent
                width: Theme.target
                height: Math.round(3 * Theme.unit)
                color: Theme.ink
            }
            Rectangle {
                anchors.centerIn: parent
                width: Math.round(3 * Theme.unit)
                height: Theme.target
                color: Theme.ink
            }
        }
        TapHandler {
            gesturePolicy: TapHandler.ReleaseWithinBounds // nothing below is touched as well
            onTapped: point => page.model.touchedAt(point.position.x - mark.x, point.position.y - mark.y)
        }
    }
}
