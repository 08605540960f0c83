// One service: facts, sections, ways on.
import QtQuick

KsPage {
    id: page

    readonly property var sheets: {
        words;
        return !ready ? [] : model.planFlow(width, bodyHeight, paging);
    }

    pageCount: sheets.length

    KsFlow {
        anchors.fill: parent
        kiosk: page.kiosk
        sheets: page.sheets
        at: page.shownPage
    }
}
