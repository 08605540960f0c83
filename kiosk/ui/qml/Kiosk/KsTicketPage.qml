// The number, what became of the paper, where to wait, the code.
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
