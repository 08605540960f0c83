// The frame of every page: heading above, content between, ways on and the bar below. One question a screen.
pragma ComponentBehavior: Bound
import QtQuick

FocusScope {
    id: page

    required property var kiosk
    required property var model
    readonly property var words: model.words
    readonly property var actions: {
        words;
        return model.planActions(width);
    }
    property bool touchable: false
    property int headLift: 0
    property int above: 0 // what stands between heading and body where the body starts at the line of reach
    property int headRight: 0
    property int headWidth: width - headRight
    property bool newsShown: false // a sentence with a tone, below the subtitle
    property bool terse: false // where there is no room for both, news comes before the subtitle
    readonly property int wholeHead: heading.height + subtitle.implicitHeight + (news.visible ? news.height + head.spacing : 0) + head.spacing
    property string headIcon: ""
    property color headTint: Theme.brandText
    property color headGround: Theme.brandTint
    property bool headShown: true
    property int pageCount: 1
    property int pageAt: 0
    readonly property int shownPage: Math.max(0, Math.min(pageAt, pageCount - 1))
    property int originY: 0
    readonly property int reachTop: touchable ? Math.max(0, Theme.reachTop - originY) : 0
    readonly property int bodyTop: headShown ? Math.max(reachTop, head.y + head.height + Theme.headGap) : 0
    readonly property int bodyHeight: footTop - bodyTop
    readonly property int roomHeight: footTop - headHeight - Theme.headGap
    readonly property int footTop: foot.y - (foot.height > 0 ? Theme.gap : 0)
    readonly property int pagerHeight: Math.max(Theme.primaryTarget, Math.round(Theme.body * 2.6))
    readonly property bool pagerInBar: !Theme.portrait && bar.visible
    readonly property int paging: pagerInBar ? 0 : pagerHeight + Theme.gap
    property bool pages: true
    property bool ready: false // nothing is planned for sizes that are still being found
    readonly property alias headHeight: head.height

    // A key nothing else wanted; true when the page took it.
    function keyed(key: int): bool {
        return false;
    }
    default property alias content: body.data

    Component.onCompleted: ready = true
    Component.onDestruction: if (kiosk)
        kiosk.gone(model)

    Column {
        id: head
        visible: page.headShown
        y: page.reachTop > 0 ? Math.max(0, page.reachTop - height - Theme.headGap - page.above) : page.headLift
        width: page.headWidth
        spacing: Math.round(Theme.headGap / 3)

        KsDisc {
            visible: page.headIcon !== ""
            name: page.headIcon
            tint: page.headTint
            color: page.headGround
            width: Math.round(Theme.primaryDisc * 1.25)
        }
        KsHeading {
            id: heading
            width: parent.width
            text: page.words.title
            covered: page.kiosk.overlay !== null
        }
        KsText {
            id: subtitle
            visible: text !== "" && !page.terse
            width: parent.width
            text: page.words.subtitle
            color: Theme.inkMuted
        }
        KsNews {
            id: news
            visible: page.newsShown && text !== ""
            width: parent.width
            text: page.newsShown ? page.words.news : ""
            tone: page.words.tone
            sign: page.words.icon
        }
    }
    Item {
        id: body
        y: page.bodyTop
        width: parent.width
        height: page.bodyHeight
    }
    Column {
        id: foot
        width: parent.width
        anchors.bottom: parent.bottom
        spacing: Theme.gap

        Grid {
            visible: page.actions.options.length > 0
            columns: page.actions.columns
            spacing: Theme.gap

            Repeater {
                model: page.actions.options.length

                KsTile {
                    required property int index

                    kind: "action"
                    option: page.actions.options[index] ?? ({
                            "id": "",
                            "label": "",
                            "hint": "",
                            "icon": "",
                            "name": "",
                            "description": "",
                            "place": 0
                        })
                    objectName: "option_" + option.id
                    rank: 100 + option.place
                    width: (foot.width - (page.actions.columns - 1) * Theme.gap) / page.actions.columns
                    height: page.actions.height
                    onClicked: page.model.choose(option.id)
                }
            }
        }
        KsBar {
            id: bar
            shared: page.pagerInBar && page.pages && page.pageCount > 1
            width: parent.width
            kiosk: page.kiosk
            model: page.model
            words: page.words
        }
    }
    KsPager {
        enabled: page.pages
        kiosk: page.kiosk
        count: page.pages ? page.pageCount : 0
        at: page.shownPage
        x: page.pagerInBar ? bar.from : 0
        width: page.pagerInBar ? bar.until - x : parent.width
        height: page.pagerInBar ? bar.height : page.pagerHeight
        y: page.pagerInBar ? parent.height - height : page.footTop - height
        onTurned: at => page.pageAt = at
    }
}
