// A button for a mouse; `on` is the state that holds now.
import QtQuick
import QtQuick.Templates as T
import Kiosk

T.AbstractButton {
    id: control

    property bool on: false
    property string does: ""

    padding: 10
    implicitWidth: words.implicitWidth + leftPadding + rightPadding
    implicitHeight: 36
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.5
    Accessible.name: text
    Accessible.description: does
    Accessible.checkable: true
    Accessible.checked: on
    Keys.onReturnPressed: click()

    background: Rectangle {
        radius: 8
        color: control.on ? Theme.brand : control.down || control.hovered ? Theme.brandTint : Theme.surface
        border.width: control.visualFocus ? 3 : 1
        border.color: control.visualFocus ? Theme.focusOuter : control.on ? Theme.brandEdge : Theme.outline
    }
    contentItem: ZdText {
        id: words
        text: control.text
        font.weight: control.on ? Font.DemiBold : Font.Normal
        color: control.on ? Theme.brandInk : Theme.ink
        wrapMode: Text.NoWrap
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
}
