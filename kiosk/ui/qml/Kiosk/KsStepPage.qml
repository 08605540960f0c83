// One thing to do with the receipt printer, as a picture and in words: stacked in portrait, side by side in landscape.
import QtQuick

KsPage {
    id: page

    readonly property bool beside: !Theme.portrait
    readonly property int column: beside ? Math.round((width - Theme.margin) * 0.5) : width
    readonly property int stepsRoom: words.of > 0 ? steps.height + Theme.gap : 0
    readonly property int pictureTop: beside ? Theme.header - Theme.margin : 0
    readonly property int room: (beside ? footTop - pictureTop : bodyHeight) - stepsRoom

    newsShown: true
    headLift: beside ? Math.max(0, Math.round((footTop - headHeight) * 0.38)) : 0
    headWidth: column

    KsPaperPicture {
        id: picture
        shows: page.words.picture
        spoken: page.words.picture_name
        x: page.beside ? page.column + Theme.margin : 0
        y: page.beside ? page.pictureTop - page.bodyTop : Math.max(0, Math.round((page.room - height) * 0.4))
        width: page.width - x
        height: Math.max(0, Math.min(page.room, Math.round(width * 1.1)))
    }
    KsSteps {
        id: steps
        x: picture.x
        y: page.beside ? picture.y + page.room + Theme.gap : page.bodyHeight - height
        width: picture.width
        done: page.words.done
        count: page.words.of
        text: page.words.progress
    }
}
