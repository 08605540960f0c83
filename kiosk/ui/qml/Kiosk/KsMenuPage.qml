// Options as tiles, on as many pages as they need.
import QtQuick

KsPage {
    id: page

    readonly property var sheets: {
        words;
        return !ready ? [] : model.planMenu(width, bodyHeight, paging, 2);
    }
    readonly property var sheet: sheets[shownPage] ?? null
    readonly property int heading: sheet ? sheet.heading : -1

    touchable: true
    pageCount: sheets.length

    KsText {
        visible: page.heading >= 0
        y: page.heading
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
