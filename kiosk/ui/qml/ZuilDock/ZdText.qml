// Words of the dock, at the size of a desktop.
import QtQuick
import Kiosk

Text {
    property int px: 14

    font.family: Theme.family
    font.pixelSize: px
    color: Theme.ink
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
