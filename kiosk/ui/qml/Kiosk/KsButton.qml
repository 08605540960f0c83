// A button of the bar: the next action filled, everything else outlined.
import QtQuick

KsPressable {
    id: control

    property bool strong: false
    property string sign: ""
    property string trailing: ""
    readonly property color foreground: strong ? Theme.brandInk : Theme.brandText
    property string full: text
    readonly property real wide: Math.ceil(probe.implicitWidth) + fixed + 4
    readonly property int icons: (sign ? 1 : 0) + (trailing ? 1 : 0)
    readonly property int fixed: leftPadding + rightPadding + icons * (Theme.actionIcon + spacing)
    readonly property int bare: leftPadding + rightPadding + icons * Theme.actionIcon

    leftPadding: Theme.pad
    rightPadding: Theme.pad
    spacing: Math.round(Theme.pad / 2)
    implicitWidth: wide
    implicitHeight: Math.max(Theme.button, label.implicitHeight + 2 * Theme.inset)

    Text {
        id: probe
        visible: false
        text: control.full
        font: label.font
    }

    background: Rectangle {
        radius: control.corner
        color: control.strong ? (control.down ? Theme.brandPressed : Theme.brand) : (control.down ? Theme.brandTint : Theme.surface)
        border.width: Theme.outlineWidth + 1
        border.color: control.strong ? Theme.brandEdge : Theme.brandText
    }

    contentItem: Item {
        Row {
            anchors.centerIn: parent
            spacing: control.spacing

            KsIcon {
                visible: control.sign !== ""
                name: control.sign
                tint: control.foreground
                side: Theme.actionIcon
                anchors.verticalCenter: parent.verticalCenter
            }
            KsText {
                id: label
                visible: text !== ""
                width: Math.min(control.implicitWidth - control.fixed, control.width - control.fixed)
                text: control.text
                px: Theme.title
                weight: Font.DemiBold
                lineHeight: Theme.titleLeading
                color: control.foreground
                horizontalAlignment: control.sign || control.trailing ? Text.AlignLeft : Text.AlignHCenter
                spokenElsewhere: true
                anchors.verticalCenter: parent.verticalCenter
            }
            KsIcon {
                visible: control.trailing !== ""
                name: control.trailing
                tint: control.foreground
                side: Theme.actionIcon
                anchors.verticalCenter: parent.verticalCenter
            }
        }
    }
}
