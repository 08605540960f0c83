// The number, what became of the paper, where to wait, the code.
import QtQuick

KsPage {
    id: page

    KsFlow {
        anchors.fill: parent
        kiosk: page.kiosk
        sheets: {
            page.words;
            return page.model.planFlow(width, height);
        }
    }
}
