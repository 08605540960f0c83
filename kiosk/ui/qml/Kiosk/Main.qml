// The window: header, page, toolbar, overlay; keys that work everywhere. What comes next is never decided here.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import "walk.js" as Walk

Window {
    id: win

    required property var kiosk
    readonly property string pageName: stack.currentItem ? (stack.currentItem as KsPage).words.kind : ""
    readonly property bool animating: stack.busy || !kiosk.settled
    readonly property bool welcoming: pageName === "welcome"
    readonly property int headRight: Theme.portrait ? 0 : header.clockWidth + Theme.gap
    property bool byKeys: false

    function step(direction: int): void {
        const root = overlay.visible ? overlay : stage;
        const shown = byKeys;
        byKeys = true;
        if (!shown && !overlay.visible && Walk.reveal(activeFocusItem, Qt.TabFocusReason))
            return;
        const target = Walk.next(root, activeFocusItem, direction);
        if (target)
            target.forceActiveFocus(direction > 0 ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }
    function climb(direction: int): void {
        const target = Walk.besideRow(stage, activeFocusItem, direction);
        if (target)
            target.forceActiveFocus(Qt.TabFocusReason);
        else
            step(direction);
    }
    function keyed(key: int): bool {
        const page = stack.currentItem as KsPage;
        return page !== null && !overlay.visible && page.keyed(key);
    }
    function arrive(): void {
        const page = stack.currentItem as KsPage;
        if (overlay.visible)
            overlay.arrive();
        if (!page || overlay.visible)
            return;
        byKeys = byKeys && !welcoming;
        const first = Walk.next(page, null, 1);
        if (first)
            first.forceActiveFocus(byKeys ? Qt.TabFocusReason : Qt.OtherFocusReason);
    }

    width: Theme.width
    height: Theme.height
    title: "Zuil"
    color: Theme.paper
    onActiveFocusItemChanged: {
        const said = Walk.said(activeFocusItem);
        if (said)
            kiosk.focused(said.name, said.description);
    }

    Item {
        id: canvas
        width: Theme.width
        height: Theme.height
        scale: Math.min(win.width / width, win.height / height)
        transformOrigin: Item.TopLeft
        x: Math.round((win.width - width * scale) / 2)
        y: Math.round((win.height - height * scale) / 2)

        FocusScope {
            id: stage
            anchors.fill: parent
            focus: true

            Keys.onPressed: event => {
                switch (event.key) {
                case Qt.Key_Tab:
                case Qt.Key_Right:
                    win.step(1);
                    break;
                case Qt.Key_Backtab:
                case Qt.Key_Left:
                    win.step(-1);
                    break;
                case Qt.Key_Down:
                    win.climb(1);
                    break;
                case Qt.Key_Up:
                    win.climb(-1);
                    break;
                case Qt.Key_F1:
                    win.kiosk.use("help", "");
                    break;
                case Qt.Key_F2:
                    win.kiosk.repeat();
                    break;
                case Qt.Key_Escape:
                    if (!overlay.visible)
                        win.kiosk.page.goBack();
                    break;
                default:
                    event.accepted = !event.isAutoRepeat && win.keyed(event.key);
                    win.kiosk.touched();
                    return;
                }
                event.accepted = true;
                win.kiosk.touched();
            }

            KsPractice {
                id: practice
                width: parent.width
                text: win.kiosk.header.practice
            }
            KsToolbar {
                id: toolbar
                enabled: !overlay.visible
                kiosk: win.kiosk
                languagesShown: !win.welcoming
                width: Theme.portrait ? parent.width : Theme.rail
                y: Theme.portrait ? parent.height - height : practice.height
                height: Theme.portrait ? implicitHeight : parent.height - y
            }
            KsHeader {
                id: header
                kiosk: win.kiosk
                brandShown: !win.welcoming || !Theme.portrait
                y: practice.height
                width: parent.width
                height: implicitHeight
            }
            T.StackView {
                id: stack
                enabled: !overlay.visible
                x: Theme.portrait ? Theme.margin : Theme.rail + Theme.margin
                y: practice.height + (Theme.portrait ? header.height : Theme.margin)
                width: parent.width - x - Theme.margin
                height: (Theme.portrait ? toolbar.y : parent.height) - y - Theme.gap
                property int direction: 1

                replaceEnter: Transition {
                    NumberAnimation {
                        property: "opacity"
                        from: 0
                        to: 1
                        duration: Theme.pageMs
                    }
                    NumberAnimation {
                        property: "x"
                        from: stack.direction * Theme.slide
                        to: 0
                        duration: Theme.pageMs
                        easing.type: Easing.OutCubic
                    }
                }
                replaceExit: Transition {
                    NumberAnimation {
                        property: "opacity"
                        from: 1
                        to: 0
                        duration: Theme.pageMs / 2
                    }
                }
            }
            KsOverlay {
                id: overlay
                anchors.fill: parent
                kiosk: win.kiosk
                onVisibleChanged: Qt.callLater(win.arrive) // once what lies below has lost its focus
            }
        }
        Item {
            // On top of everything, and it takes nothing away: only so can it see every touch.
            anchors.fill: parent

            PointHandler {
                onActiveChanged: if (active) {
                    win.byKeys = false;
                    win.kiosk.pressed(point.position.x, point.position.y, parent.width, parent.height);
                    win.kiosk.touched();
                }
            }
        }
    }

    Component {
        id: welcomePage
        KsWelcomePage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: menuPage
        KsMenuPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: searchPage
        KsSearchPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: sheetPage
        KsSheetPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: ticketPage
        KsTicketPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: noticePage
        KsNoticePage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: cardPage
        KsCardPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: pinPage
        KsPinPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: stepPage
        KsStepPage {
            kiosk: win.kiosk
            originY: stack.y
            headRight: win.headRight
        }
    }
    Component {
        id: measurePage
        KsMeasurePage {
            kiosk: win.kiosk
            glass: canvas
            originY: stack.y
            headRight: win.headRight
        }
    }
    Connections {
        target: win.kiosk

        function onPageReplaced(backwards: bool): void {
            const kinds = {
                "welcome": welcomePage,
                "menu": menuPage,
                "search": searchPage,
                "sheet": sheetPage,
                "ticket": ticketPage,
                "notice": noticePage,
                "card": cardPage,
                "step": stepPage,
                "pin": pinPage,
                "measure": measurePage
            };
            stack.direction = backwards ? -1 : 1;
            const model = win.kiosk.page;
            stack.replace(null, kinds[model.words.kind], {
                "model": model
            }, stack.busy ? T.StackView.Immediate : T.StackView.ReplaceTransition); // nobody waits for a movement
            win.arrive();
        }
    }
}
