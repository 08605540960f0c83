// Options as tiles, on as many pages as they need.
import QtQuick

KsPage {
    id: page

    readonly property var sheets: {
        words;
        return model.planMenu(width, bodyHeight, paging, 2);
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
}
