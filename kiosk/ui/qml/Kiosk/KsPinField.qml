// How many digits there are, as dots and in words. It never knows a digit; keys typed while it has the focus go to the page.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Control {
    id: field

    property int rank: 10
    required property int count
    required property string entered
    readonly property string text: entered // what an assistive program reads as the value
    property string spoken
    property string description: ""
    readonly property real dot: Math.min(Theme.body, (width - 2 * Theme.pad) / 20)

    objectName: "pin_field"
    focusPolicy: Qt.StrongFocus
    height: Math.max(Theme.field, words.implicitHeight + dot + 3 * Theme.inset)
    Accessible.role: Accessible.EditableText
    Accessible.readOnly: true
    Accessible.focusable: true
    Accessible.name: spoken
    Accessible.description: entered

    background: Rectangle {
        radius: Theme.radiusSmall
        color: Theme.surface
        border.width: Theme.fieldBorder
        border.color: Theme.brandText
    }

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.pad
        spacing: Theme.inset

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            height: field.dot
            spacing: field.dot * 0.65

            Repeater {
                model: field.count

                Rectangle {
                    width: field.dot
                    height: width
                    radius: width / 2
                    color: Theme.ink
                }
            }
        }
        KsText {
            id: words
            objectName: "pin_entered"
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            px: Theme.label
            color: Theme.inkMuted
            text: field.entered
            spokenElsewhere: true
        }
    }
    KsFocusRing {
        shown: field.visualFocus
    }
}
