// The attract screen: whose column this is, what works today, and each language in its own words.
pragma ComponentBehavior: Bound
import QtQuick

KsPage {
    id: page

    readonly property bool beside: !Theme.portrait
    readonly property int tileWidth: beside ? Math.round((width - Theme.margin) * 0.46) : width
    readonly property int tileTop: beside ? Theme.header - Theme.margin : hero.y + hero.height + Theme.gap
    readonly property var sheets: {
        words;
        return !ready ? [] : model.planMenu(tileWidth, page.height - Math.max(tileTop, page.reachTop), 0, beside ? 1 : 2);
    }

    headShown: false
    touchable: true

    Column {
        id: hero
        y: page.beside ? Math.max(0, (page.height - height) / 2) : Math.max(0, Math.min(page.reachTop - height - Theme.gap, page.reachTop))
        width: page.beside ? page.width - page.tileWidth - Theme.margin : page.width
        spacing: Theme.headGap

        Rectangle {
            visible: !page.beside
            width: Math.round(Theme.mark * 1.9)
            height: width
            radius: Theme.radius
            color: Theme.brand

            KsText {
                anchors.centerIn: parent
                text: page.kiosk.header.mark
                px: Math.round(parent.width * 0.56)
                weight: Font.Bold
                color: Theme.brandInk
                lineHeight: 1
                spokenElsewhere: true
            }
        }
        KsHeading {
            width: parent.width
            text: page.words.title
            font.pixelSize: Math.round(Theme.h1 * 1.5)
            covered: page.kiosk.overlay !== null
        }
        KsText {
            visible: text !== ""
            width: parent.width
            text: page.words.subtitle
            px: Theme.h2
            color: Theme.inkMuted
        }
        Repeater {
            model: page.words.notices.length

            Rectangle {
                id: notice

                required property int index

                width: parent ? parent.width : 0
                height: news.implicitHeight + 2 * Theme.inset
                radius: Theme.radiusSmall
                color: Theme.brandTint
                border.width: Theme.highContrast ? Theme.outlineWidth : 0
                border.color: Theme.outline

                KsIcon {
                    id: sign
                    x: Theme.pad
                    anchors.verticalCenter: parent.verticalCenter
                    side: Theme.compactIcon
                    name: "info"
                }
                KsText {
                    id: news
                    x: sign.x + sign.width + Theme.step
                    width: parent.width - x - Theme.pad
                    anchors.verticalCenter: parent.verticalCenter
                    text: page.words.notices[notice.index] ?? ""
                }
            }
        }
    }
    KsDecoration {
        visible: !page.beside && height >= Theme.disc
        y: hero.y + hero.height + Theme.gap
        width: parent.width
        height: page.sheets.length ? tiles.y + page.sheets[0].spots[0].y - y - Theme.gap : 0
    }
    KsTiles {
        id: tiles
        x: page.beside ? page.width - page.tileWidth : 0
        y: Math.max(page.tileTop, page.reachTop)
        width: page.tileWidth
        height: page.height - y
        model: page.model
        words: page.words
        sheet: page.sheets[0] ?? null
    }
}
