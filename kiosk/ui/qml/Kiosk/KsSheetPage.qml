// One service: facts, sections, ways on.
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
