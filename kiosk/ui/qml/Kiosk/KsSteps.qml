// How far something is: a row of steps, ready ones filled, and the same in words.
pragma ComponentBehavior: Bound
import QtQuick

Column {
    id: steps

    required property int done
    required property int count
    property alias text: words.text

    visible: count > 0
    spacing: Theme.step

    Row {
        width: parent.width
        spacing: Math.round(Theme.step / 2)

        Repeater {
            model: steps.count

            Rectangle {
                required property int index

                width: (steps.width - (steps.count - 1) * Math.round(Theme.step / 2)) / steps.count
                height: Math.round(Theme.body * 0.6)
                radius: height / 2
                color: index < steps.done ? Theme.brandText : Theme.surface
                border.width: Theme.outlineWidth
                border.color: index < steps.done ? Theme.brandText : Theme.outline
            }
        }
    }
    KsText {
        id: words
        objectName: "progress"
        width: parent.width
        weight: Font.DemiBold
        lineHeight: Theme.titleLeading
        color: Theme.brandText
    }
}
