// A sentence with its tone: icon, border and ground carry it beside the colour.
import QtQuick

Rectangle {
    id: news

    property alias text: words.text
    property string tone: "plain"
    property string sign: ""
    readonly property bool plain: tone === "plain"
    readonly property color tint: plain ? Theme.brandText : Theme[tone]

    implicitHeight: Math.max(words.implicitHeight, Theme.compactIcon) + 2 * Theme.inset
    height: implicitHeight
    radius: Theme.radiusSmall
    color: plain ? Theme.brandTint : Theme[tone + "Tint"]
    border.width: Theme.outlineWidth + (plain ? 0 : 1)
    border.color: tint

    KsIcon {
        id: icon
        x: Theme.pad
        anchors.verticalCenter: parent.verticalCenter
        side: Theme.compactIcon
        name: news.visible ? news.sign : ""
        tint: news.tint
    }
    KsText {
        id: words
        objectName: "news"
        x: icon.x + icon.width + Theme.step
        width: parent.width - x - Theme.pad
        anchors.verticalCenter: parent.verticalCenter
        weight: Font.DemiBold
        color: news.plain ? Theme.ink : news.tint
    }
}
