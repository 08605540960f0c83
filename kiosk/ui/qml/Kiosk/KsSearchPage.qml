// A field, what was found so far, and the keyboard: stacked in portrait, side by side in landscape.
import QtQuick

KsPage {
    id: page

    readonly property bool beside: !Theme.portrait
    readonly property int column: beside ? Math.round(width * 0.6) : width
    readonly property int fieldRoom: reachTop > 0 ? 0 : field.height + Theme.gap
    readonly property int keyRoom: beside ? bodyHeight - fieldRoom : Math.round((bodyHeight - fieldRoom) * 0.5)
    readonly property int keyHeight: Math.max(Theme.target, Math.min(Theme.key, Math.floor((keyRoom - (keyboard.rows.length - 1) * keyboard.gap) / keyboard.rows.length)))
    readonly property var sheets: {
        words;
        return !ready ? [] : model.planResults(results.width, results.height, Theme.primaryTarget + Theme.gap);
    }
    readonly property bool found: sheets.length > 0 && sheets[0].spots.length > 0

    touchable: true
    above: field.height + Theme.gap
    pages: false
    pageCount: sheets.length

    KsSearchField {
        id: field
        y: page.reachTop > 0 ? -page.above : 0 // typing is done on the keys, so the field may stand higher
        width: page.column
        focus: true
        text: ""
        sign: page.words.field_name ? page.words.icon : "magnifying-glass-bold"
        spoken: page.words.field_name || page.kiosk.words.field
        description: page.words.field_name || page.kiosk.words.field_hint
        Component.onCompleted: text = page.words.query
        onTextChanged: {
            page.pageAt = 0;
            page.model.typed(text);
        }
    }
    Connections {
        target: page.model

        function onFieldOrdered(text: string): void {
            field.text = text;
        }
    }
    Item {
        id: results
        x: page.beside ? page.column + Theme.margin : 0
        y: page.beside ? 0 : page.fieldRoom
        width: page.beside ? page.width - x : page.width
        height: page.beside ? page.bodyHeight : keyboard.y - y - Theme.gap

        KsTiles {
            anchors.fill: parent
            model: page.model
            words: page.words
            sheet: page.sheets[page.shownPage] ?? null
        }
        Column {
            visible: !page.found
            width: parent.width
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.gap

            KsDisc {
                visible: results.height > invitation.implicitHeight + height + 2 * Theme.gap
                anchors.horizontalCenter: parent.horizontalCenter
                width: Theme.primaryDisc * 1.3
                name: page.words.icon
            }
            KsText {
                id: invitation
                visible: text !== ""
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.words.empty
            }
        }
        KsPager {
            kiosk: page.kiosk
            count: page.pageCount
            at: page.shownPage
            width: parent.width
            height: Theme.primaryTarget
            anchors.bottom: parent.bottom
            onTurned: at => page.pageAt = at
        }
    }
    KsKeyboard {
        id: keyboard
        kiosk: page.kiosk
        field: field
        width: page.column
        keyHeight: page.keyHeight
        both: page.words.field_name !== ""
        y: page.beside ? page.fieldRoom : page.bodyHeight - height
    }
}
