// For technicians: a mark anywhere on the whole screen that is to be touched, or a line of a length on the glass.
pragma ComponentBehavior: Bound
import QtQuick

KsPage {
    id: page

    property int originX: 0
    readonly property real length: model.pixels(words.ruler_mm)

    Rectangle {
        id: line
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
        // The whole canvas, header and toolbar included: corners are where a panel is wrong first.
        visible: page.words.marked
        parent: page
        x: -page.originX
        y: -page.originY
        width: Theme.width
        height: Theme.height

        Item {
            id: mark
            x: page.words.mark_x / 1000 * parent.width
            y: page.words.mark_y / 1000 * parent.height

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
            objectName: "measure"
            gesturePolicy: TapHandler.DragThreshold
            onTapped: point => page.model.touchedAt(point.position.x - mark.x, point.position.y - mark.y)
        }
    }
}
