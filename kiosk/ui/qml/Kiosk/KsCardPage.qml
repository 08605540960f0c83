// What to do with the card, as a picture and in words, and what is read of it: stacked in portrait, side by side in landscape.
import QtQuick

KsPage {
    id: page

    readonly property bool beside: !Theme.portrait
    readonly property int column: beside ? Math.round((width - Theme.margin) * 0.56) : width
    readonly property int stepsRoom: words.of > 0 ? steps.height + Theme.gap : 0
    readonly property int pictureTop: beside ? Theme.header - Theme.margin : 0
    readonly property var plan: {
        words;
        return !ready ? ({
                "picture": 0,
                "sheets": [],
                "used": 0
            }) : model.planCard(column, width, bodyHeight, paging, beside ? 0 : stepsRoom);
    }

    readonly property int lift: beside || plan.sheets.length > 0 ? 0 : Math.max(0, Math.round((bodyHeight - plan.picture - stepsRoom) * 0.4))

    newsShown: true
    headLift: beside && words.sections.length === 0 ? Math.max(0, Math.round((footTop - headHeight) * 0.38)) : 0
    headWidth: column
    pageCount: plan.sheets.length

    KsCardPicture {
        id: picture
        visible: page.shownPage === 0
        shows: page.words.picture
        spoken: page.words.picture_name
        x: page.beside ? page.column + Theme.margin : 0
        y: page.beside ? page.pictureTop - page.bodyTop : page.lift
        width: page.width - x
        height: page.beside ? page.footTop - page.pictureTop - page.stepsRoom : page.plan.picture
    }
    KsSteps {
        id: steps
        x: picture.x
        y: picture.y + picture.height + Theme.gap
        width: picture.width
        done: page.words.done
        count: picture.visible ? page.words.of : 0
        text: page.words.progress
    }
    KsFlow {
        y: page.beside || page.shownPage > 0 ? 0 : page.plan.picture + Theme.gap + page.stepsRoom
        width: page.shownPage > 0 ? page.width : page.column
        kiosk: page.kiosk
        sheets: page.plan.sheets
        at: page.shownPage
    }
}
