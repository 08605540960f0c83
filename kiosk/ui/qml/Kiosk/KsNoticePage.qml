// One piece of news with its tone, and exact facts that help on.
import QtQuick

KsPage {
    id: page

    readonly property var sheets: {
        words;
        return !ready ? [] : model.planFlow(width, roomHeight, paging);
    }

    readonly property bool plain: words.tone === "plain"

    headIcon: words.icon
    headTint: plain ? Theme.brandText : Theme[words.tone]
    headGround: plain ? Theme.brandTint : Theme[words.tone + "Tint"]

    headLift: sheets.length > 1 ? 0 : Math.max(0, Math.round((roomHeight - flow.used) * 0.4)) // the pager needs the room
    pageCount: sheets.length

    KsFlow {
        id: flow
        anchors.fill: parent
        kiosk: page.kiosk
        sheets: page.sheets
        at: page.shownPage
    }
}
