// Previous page, "page 2 of 5", next page: no scrolling, no swiping.
import QtQuick

Item {
    id: pager

    required property var kiosk
    required property int count
    property int at: 0
    readonly property int needed: Math.max(Theme.primaryTarget, Math.round(Theme.body * 2.6))
    signal turned(int page)

    visible: count > 1
    height: visible ? needed : 0

    KsButton {
        id: before
        objectName: "previous_page"
        rank: 4000
        visible: pager.at > 0
        height: parent.height
        sign: "caret-left-bold"
        text: pager.kiosk.words.previous_page
        spoken: pager.kiosk.words.previous_page_name
        onClicked: pager.turned(pager.at - 1)
    }
    KsText {
        x: before.implicitWidth + Theme.step
        width: parent.width - before.implicitWidth - after.implicitWidth - 2 * Theme.step
        anchors.verticalCenter: parent.verticalCenter
        horizontalAlignment: Text.AlignHCenter
        weight: Font.DemiBold
        lineHeight: Theme.titleLeading
        text: pager.visible ? pager.kiosk.pageOf(pager.at + 1, pager.count) : ""
    }
    KsButton {
        id: after
        objectName: "next_page"
        rank: 4001
        visible: pager.at < pager.count - 1
        height: parent.height
        anchors.right: parent.right
        trailing: "caret-right-bold"
        text: pager.kiosk.words.next_page
        spoken: pager.kiosk.words.next_page_name
        onClicked: pager.turned(pager.at + 1)
    }
}
