// A lever: its states by name, and what the chosen one does.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk

Rectangle {
    id: card

    required property var lever
    required property string now
    property bool busy: false
    property string pointed: ""
    readonly property string does: lever.states.find(state => state.name === now)?.does ?? ""

    signal chosen(string state)

    radius: 12
    color: Theme.surface
    border.color: Theme.line
    implicitHeight: content.implicitHeight + 28

    Column {
        id: content
        x: 14
        y: 14
        width: parent.width - 28
        spacing: 10

        ZdText {
            text: card.lever.title
            px: 16
            font.weight: Font.DemiBold
        }
        Flow {
            width: parent.width
            spacing: 8

            Repeater {
                model: card.lever.states

                ZdButton {
                    required property var modelData

                    objectName: card.lever.id + "_" + modelData.name
                    text: modelData.label
                    does: modelData.does
                    on: modelData.name === card.now
                    enabled: !card.busy
                    onClicked: card.chosen(modelData.name)
                    onHoveredChanged: card.pointed = hovered ? modelData.does : ""
                }
            }
        }
        ZdText {
            // Two lines are kept free, so that nothing jumps while the mouse wanders.
            width: parent.width
            height: 40
            text: card.pointed || card.does
            color: Theme.inkMuted
        }
    }
}
