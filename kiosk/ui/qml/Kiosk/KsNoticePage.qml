// One piece of news with its tone, and exact facts that help on.
import QtQuick

KsPage {
    id: page

    readonly property bool plain: words.tone === "plain"
    readonly property int free: footTop - headHeight - Theme.headGap - flow.used - Theme.gap

    headIcon: words.icon
    headTint: plain ? Theme.brandText : Theme[words.tone]
    headGround: plain ? Theme.brandTint : Theme[words.tone + "Tint"]

    KsFlow {
        id: flow
        anchors.fill: parent
        kiosk: page.kiosk
        sheets: {
            page.words;
            return page.model.planFlow(width, height);
        }
    }
}
