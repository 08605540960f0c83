// The one heading of a page.
import QtQuick

Text {
    id: heading

    property bool covered: false

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.h1
    font.weight: Font.Bold
    lineHeight: Theme.titleLeading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.Heading
    Accessible.name: text.replace(/\u00AD/g, "")
    Accessible.ignored: covered
}
