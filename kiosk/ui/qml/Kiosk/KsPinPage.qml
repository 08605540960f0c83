// A keypad for a PIN: stacked in portrait, beside the words in landscape. Keys keep their place while news comes and goes.
import QtQuick

KsPage {
    id: page

    readonly property bool beside: !Theme.portrait
    readonly property int column: beside ? Math.round((width - Theme.margin) * 0.5) : width
    readonly property int keysTop: beside ? Math.max(reachTop, Theme.header - Theme.margin) : bodyTop + (reachTop > 0 ? 0 : field.height + Theme.gap)
    readonly property int room: footTop - keysTop
    readonly property int mostKey: Math.max(Theme.primaryTarget, Math.round(160 * Theme.unit))
    readonly property int keyHeight: Math.max(Theme.primaryTarget, Math.min(mostKey, Math.floor((room - 3 * Theme.gap) / 4)))
    readonly property int keyWidth: Math.round(Math.max(keyHeight * 1.75, 270 * Theme.unit)) // low keys still hold their words

    touchable: true
    terse: !beside && words.news !== "" && footTop - wholeHead - Theme.headGap - above < 4 * Theme.primaryTarget + 3 * Theme.gap
    newsShown: true
    above: field.height + Theme.gap
    headWidth: column

    function keyed(key: int): bool {
        if (key >= Qt.Key_0 && key <= Qt.Key_9)
            model.key(String.fromCharCode(key));
        else if (key === Qt.Key_Backspace)
            model.key("backspace");
        else if (key === Qt.Key_Delete)
            model.key("clear");
        else if ((key === Qt.Key_Return || key === Qt.Key_Enter) && model.lead().id !== undefined)
            model.choose(model.lead().id);
        else
            return false;
        // Enter after typing confirms, wherever the walk had come to.
        field.forceActiveFocus(field.visualFocus ? Qt.TabFocusReason : Qt.OtherFocusReason);
        return true;
    }

    KsPinField {
        id: field
        y: page.reachTop > 0 ? -page.above : 0 // nothing to touch, so it may stand higher
        width: page.column
        focus: true
        count: page.words.count
        entered: page.words.entered
        spoken: page.words.field_name
    }
    KsKeypad {
        id: keypad
        kiosk: page.kiosk
        keyHeight: page.keyHeight
        width: Math.min(page.beside ? page.width - page.column - Theme.margin : page.width, 3 * page.keyWidth + 2 * gap)
        height: implicitHeight
        x: page.beside ? page.width - width : Math.round((page.width - width) / 2)
        y: page.beside ? page.keysTop - page.bodyTop + Math.round((page.room - height) / 2) : page.bodyHeight - height - Math.max(0, Math.min(2 * Theme.gap, page.room - height))
        onPressed: key => page.model.key(key)
    }
}
