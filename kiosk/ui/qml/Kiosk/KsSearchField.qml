// The field: its text belongs to the citizen; the cursor does not blink, so a resting screen rests.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.TextField {
    id: field

    property int rank: 90
    property string spoken
    property string description: ""
    property string sign: "magnifying-glass-bold"
    readonly property bool visualFocus: activeFocus && (focusReason === Qt.TabFocusReason || focusReason === Qt.BacktabFocusReason)

    objectName: "field"
    maximumLength: 255
    height: Theme.field
    leftPadding: Theme.pad + Theme.icon + Theme.step
    rightPadding: Theme.pad
    verticalAlignment: Text.AlignVCenter
    color: Theme.ink
    placeholderTextColor: Theme.inkMuted
    selectionColor: Theme.brand
    selectedTextColor: Theme.brandInk
    font.family: Theme.family
    font.pixelSize: Theme.h2
    font.weight: Font.Medium
    inputMethodHints: Qt.ImhNoPredictiveText
    focusPolicy: Qt.StrongFocus
    Accessible.name: spoken
    Accessible.description: description

    cursorDelegate: Rectangle {
        visible: field.activeFocus
        width: 4
        color: Theme.brandText
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: Theme.surface
        border.width: Theme.fieldBorder
        border.color: Theme.brandText
    }

    KsIcon {
        x: Theme.pad
        anchors.verticalCenter: parent.verticalCenter
        name: field.sign
        side: Theme.compactIcon
    }
    KsText {
        visible: field.text === ""
        x: field.leftPadding + 10
        width: parent.width - x - field.rightPadding
        anchors.verticalCenter: parent.verticalCenter
        text: field.description
        color: Theme.inkMuted
        spokenElsewhere: true
    }
    KsFocusRing {
        shown: field.visualFocus
    }
}
