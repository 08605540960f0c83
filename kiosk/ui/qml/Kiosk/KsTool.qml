// A tool of the toolbar. One with a state is a check box and is filled while it is on.
import QtQuick

KsPressable {
    id: control

    required property var tool
    property bool stacked: true
    readonly property color foreground: tool.on ? Theme.brandInk : Theme.ink

    objectName: "tool_" + tool.id
    text: tool.label
    spoken: tool.name
    Accessible.role: tool.toggle ? Accessible.CheckBox : Accessible.Button
    checkable: tool.toggle
    checked: tool.on
    onToggled: checked = Qt.binding(() => control.tool.on) // the journey says whether it is on

    background: Rectangle {
        radius: control.corner
        color: control.tool.on ? Theme.brand : control.down ? Theme.brandTint : Theme.paper
        border.width: control.tool.on || Theme.highContrast ? Theme.outlineWidth : 0
        border.color: control.tool.on ? Theme.brandEdge : Theme.outline
    }

    contentItem: Item {
        Grid {
            anchors.centerIn: parent
            columns: control.stacked ? 1 : 2
            columnSpacing: Theme.toolPad
            rowSpacing: 6
            horizontalItemAlignment: Grid.AlignHCenter
            verticalItemAlignment: Grid.AlignVCenter

            KsIcon {
                name: control.tool.icon
                tint: control.tool.on ? Theme.brandInk : Theme.brandText
                side: Theme.toolIcon
            }
            KsText {
                width: control.stacked ? control.width - 12 : control.width - Theme.toolIcon - 3 * Theme.toolPad
                text: control.text
                px: Theme.label
                weight: Font.DemiBold
                lineHeight: Theme.titleLeading
                color: control.foreground
                horizontalAlignment: control.stacked ? Text.AlignHCenter : Text.AlignLeft
                spokenElsewhere: true
            }
        }
    }
}
