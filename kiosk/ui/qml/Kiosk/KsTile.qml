// An option as a card. `kind` is its weight: primary (filled), normal (disc), quiet (compact) or action (above the bar).
import QtQuick

KsPressable {
    id: control

    required property var option
    property string kind: "normal"
    readonly property bool strong: kind === "primary"
    readonly property bool discs: kind === "primary" || kind === "normal"
    readonly property int iconRoom: strong ? Theme.primaryDisc : kind === "normal" ? Theme.disc : kind === "quiet" ? Theme.compactIcon : Theme.actionIcon
    readonly property color foreground: strong ? Theme.brandInk : Theme.ink

    text: option.label
    spoken: option.name
    description: option.description
    corner: discs ? Theme.radius : Theme.radiusSmall

    background: Rectangle {
        radius: control.corner
        color: control.strong ? (control.down ? Theme.brandPressed : Theme.brand) : (control.down ? Theme.brandTint : Theme.surface)
        border.width: Theme.outlineWidth
        border.color: control.strong ? Theme.brandEdge : control.kind === "action" ? Theme.brandText : Theme.outline
    }

    contentItem: Item {
        KsDisc {
            visible: control.option.icon !== "" && control.discs
            x: Theme.pad
            width: control.iconRoom
            anchors.verticalCenter: parent.verticalCenter
            name: visible ? control.option.icon : ""
            color: control.strong && !Theme.highContrast ? Qt.alpha(Theme.brandInk, 0.14) : Theme.brandTint
            tint: control.strong && !Theme.highContrast ? Theme.brandInk : Theme.brandText
        }
        KsIcon {
            visible: control.option.icon !== "" && !control.discs
            x: Theme.pad
            anchors.verticalCenter: parent.verticalCenter
            side: control.iconRoom
            name: visible ? control.option.icon : ""
        }
        KsIcon {
            id: trail
            visible: control.strong && control.option.icon === ""
            x: parent.width - Theme.pad - width
            anchors.verticalCenter: parent.verticalCenter
            side: Theme.actionIcon
            tint: Theme.brandInk
            name: visible ? "arrow-right-bold" : ""
        }
        Column {
            id: lines
            x: Theme.pad + (control.option.icon !== "" ? control.iconRoom + Theme.step : 0)
            width: parent.width - x - Theme.pad - (trail.visible ? Theme.actionIcon + Theme.step : 0)
            anchors.verticalCenter: parent.verticalCenter
            spacing: 6

            KsText {
                width: parent.width
                text: control.text
                px: control.strong ? Theme.primaryTitle : control.kind === "quiet" ? Theme.body : Theme.title
                weight: control.strong ? Font.Bold : Font.DemiBold
                lineHeight: Theme.titleLeading
                color: control.foreground
                spokenElsewhere: true
            }
            KsText {
                visible: text !== ""
                width: parent.width
                text: control.option.hint
                px: Theme.label
                color: control.strong ? Theme.brandInk : Theme.inkMuted
                spokenElsewhere: true
            }
        }
    }
}
