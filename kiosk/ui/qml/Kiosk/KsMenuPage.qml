// Options as tiles, on as many pages as they need.
import QtQuick

KsPage {
    id: page

    readonly property var sheets: {
        words;
        return model.planMenu(width, bodyHeight);
    }
    readonly property var sheet: sheets[shownPage]

    touchable: true
    pageCount: sheets.length

    KsText {
        visible: page.sheet.heading >= 0
        y: page.sheet.heading
        width: parent.width
        text: page.words.group
        px: Theme.h2
        weight: Font.DemiBold
        lineHeight: Theme.titleLeading
    }
    KsTiles {
        anchors.fill: parent
        model: page.model
        words: page.words
        sheet: page.sheet
    }
    KsPager {
        kiosk: page.kiosk
        count: page.pageCount
        at: page.shownPage
        width: parent.width
        anchors.bottom: parent.bottom
        onTurned: at => page.pageAt = at
    }
}
