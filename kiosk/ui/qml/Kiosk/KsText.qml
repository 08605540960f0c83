// Words of the body: wrapped, never shortened, in the accessibility tree.
import QtQuick

Text {
    id: words

    property int px: Theme.body
    property int weight: Font.Normal
    property bool spokenElsewhere: false
    property string aloud: text

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: px
    font.weight: weight
    lineHeight: Theme.bodyLeading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: aloud.replace(/\u00AD/g, "")
    Accessible.ignored: spokenElsewhere || text === ""
}
