// A Phosphor icon in one colour of the theme; decoration, so never spoken.
import QtQuick

Image {
    id: icon

    property string name
    property color tint: Theme.brandText
    property int side: Theme.icon

    width: side
    height: side
    sourceSize: Qt.size(side, side)
    source: name === "" ? "" : "image://icon/" + name + "/" + tint.toString().substring(1)
    Accessible.ignored: true
}
