// A page around the column: its name and its address, opened in the browser of the desktop.
import QtQuick
import QtQuick.Templates as T
import Kiosk

T.AbstractButton {
    id: link

    property string address

    implicitWidth: title.implicitWidth + url.implicitWidth + 12
    implicitHeight: 28
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.Link
    Accessible.name: text + " " + address
    Keys.onReturnPressed: click()

    contentItem: Row {
        spacing: 12

        ZdText {
            id: title
            width: 110
            text: link.text
            color: Theme.inkMuted
            Accessible.ignored: true
        }
        ZdText {
            id: url
            text: link.address
            font.underline: link.hovered || link.visualFocus
            color: Theme.brandText
            Accessible.ignored: true
        }
    }

    HoverHandler {
        cursorShape: Qt.PointingHandCursor
    }
}
