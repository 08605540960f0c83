// A card as we draw it, as large as its height says: the side with the chip, or the other one.
pragma ComponentBehavior: Bound
import QtQuick

Rectangle {
    id: card

    property bool chip: true
    readonly property int line: Math.max(3, Math.round(height * 0.025))

    width: Math.round(height * 1.586) // ID-1, ISO/IEC 7810
    radius: Math.round(height * 0.06)
    color: chip ? Theme.brandTint : Theme.paper
    border.width: line
    border.color: chip ? Theme.brandText : Theme.inkMuted

    Rectangle {
        visible: card.chip
        x: Math.round(card.width * 0.12)
        y: Math.round((card.height - height) / 2)
        width: Math.round(card.height * 0.3)
        height: Math.round(card.height * 0.26)
        radius: Math.round(height * 0.2)
        color: Theme.highContrast ? Theme.brandText : Theme.focusInner
        border.width: card.line
        border.color: Theme.highContrast ? Theme.brandText : Theme.ink

        Repeater {
            model: 2

            Rectangle {
                required property int index

                x: 0
                y: Math.round(parent.height * (index + 1) / 3)
                width: parent.width
                height: Math.max(2, Math.round(card.line * 0.6))
                color: Theme.highContrast ? Theme.brandInk : Theme.ink
            }
        }
        Rectangle {
            x: Math.round(parent.width / 2)
            y: 0
            width: Math.max(2, Math.round(card.line * 0.6))
            height: parent.height
            color: Theme.highContrast ? Theme.brandInk : Theme.ink
        }
    }
    Repeater {
        model: card.chip ? 3 : 2

        Rectangle {
            required property int index

            x: Math.round(card.width * (card.chip ? 0.46 : 0.14))
            y: Math.round(card.height * (card.chip ? 0.3 + index * 0.17 : 0.22 + index * 0.42))
            width: Math.round(card.width * (card.chip ? [0.38, 0.3, 0.2][index] : [0.72, 0.5][index]))
            height: Math.round(card.height * (card.chip ? 0.06 : 0.1))
            radius: height / 2
            color: card.border.color
        }
    }
}
