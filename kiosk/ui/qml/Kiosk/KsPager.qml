// Previous page, "page 2 of 5", next page: no scrolling, no swiping. In a narrow place the buttons lose their words.
import QtQuick

Item {
    id: pager

    required property var kiosk
    required property int count
    property int at: 0
    readonly property bool narrow: width < full
    readonly property real full: before.wide + after.wide + words.implicitWidth + 3 * Theme.step
    signal turned(int page)

    visible: count > 1

    KsButton {
        id: before
        objectName: "previous_page"
        rank: 4000
        visible: pager.at > 0
        width: pager.narrow ? Math.max(Theme.primaryTarget, bare) : wide
        height: parent.height
        sign: "caret-left-bold"
        text: pager.narrow ? "" : words.before
        spoken: pager.kiosk.words.previous_page_name
        full: words.before
        onClicked: pager.turned(pager.at - 1)
    }
    KsText {
        id: words

        readonly property string before: pager.kiosk.words.previous_page
        readonly property string after: pager.kiosk.words.next_page

        x: before.width + Theme.step
        width: parent.width - before.width - after.width - 2 * Theme.step
        anchors.verticalCenter: parent.verticalCenter
        horizontalAlignment: Text.AlignHCenter
        weight: Font.DemiBold
        lineHeight: Theme.titleLeading
        text: {
            pager.kiosk.words;
            return pager.visible ? pager.kiosk.pageOf(pager.at + 1, pager.count) : "";
        }
    }
    KsButton {
        id: after
        objectName: "next_page"
        rank: 4001
        visible: pager.at < pager.count - 1
        width: pager.narrow ? Math.max(Theme.primaryTarget, bare) : wide
        height: parent.height
        anchors.right: parent.right
        trailing: "caret-right-bold"
        text: pager.narrow ? "" : words.after
        spoken: pager.kiosk.words.next_page_name
        full: words.after
        onClicked: pager.turned(pager.at + 1)
    }
}
