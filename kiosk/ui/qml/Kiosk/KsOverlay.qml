// A question over the page; it takes every input while it is there.
pragma ComponentBehavior: Bound
import QtQuick

FocusScope {
    id: overlay

    required property var kiosk
    readonly property var model: kiosk.overlay
    readonly property var words: model ? model.words : null
    readonly property var lead: {
        words;
        return model ? model.lead() : ({});
    }
    readonly property var actions: {
        words;
        return model ? model.planOthers(inner) : ({
                "options": [],
                "columns": 1,
                "height": 0
            });
    }
    readonly property int inner: card.width - 2 * Theme.margin
    readonly property bool leads: lead.id !== undefined

    visible: model !== null
    enabled: visible

    function arrive(): void {
        const first = leads ? leadButton : others.itemAt(0);
        if (first) {
            first.forceActiveFocus(Qt.TabFocusReason);
            first.focusReason = Qt.TabFocusReason;
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim
        opacity: 0.8
    }
    MouseArea {
        anchors.fill: parent
    }
    Rectangle {
        id: card
        width: Math.min(parent.width - 2 * Theme.margin, Math.round(1000 * Theme.unit))
        height: column.height + 2 * Theme.margin
        x: Math.round((parent.width - width) / 2)
        y: Theme.portrait ? Math.round(parent.height - height - Theme.margin * 3) : Math.round((parent.height - height) / 2)
        radius: Math.round(Theme.radius * 1.5)
        color: Theme.surface
        border.width: Theme.outlineWidth * 2
        border.color: Theme.brandText

        Column {
            id: column
            x: Theme.margin
            y: Theme.margin
            width: overlay.inner
            spacing: Theme.gap

            KsDisc {
                name: overlay.words ? overlay.words.icon : ""
                width: Theme.primaryDisc
            }
            KsHeading {
                width: parent.width
                text: overlay.words ? overlay.words.title : ""
                covered: overlay.model === null
            }
            KsText {
                visible: text !== ""
                width: parent.width
                text: overlay.words ? overlay.words.subtitle : ""
            }
            KsFlow {
                visible: sheets.length > 0 && sheets[0].length > 0
                kiosk: overlay.kiosk
                width: parent.width
                height: visible ? used : 0
                sheets: {
                    overlay.words;
                    return overlay.model ? overlay.model.planFlow(overlay.inner, Theme.height, 0) : [];
                }
            }
            KsText {
                objectName: "seconds"
                visible: text !== ""
                width: parent.width
                text: overlay.kiosk.seconds
                px: Theme.h2
                weight: Font.Bold
                color: Theme.brandText
            }
            KsButton {
                id: leadButton
                visible: overlay.leads
                objectName: overlay.leads ? "option_" + overlay.lead.id : ""
                rank: 100
                strong: true
                width: parent.width
                height: implicitHeight
                text: overlay.leads ? overlay.lead.label : ""
                spoken: overlay.leads ? overlay.lead.name : ""
                description: overlay.leads ? overlay.lead.description : ""
                sign: overlay.leads ? overlay.lead.icon : ""
                onClicked: overlay.model.choose(overlay.lead.id)
            }
            Grid {
                visible: overlay.actions.options.length > 0
                columns: overlay.actions.columns
                spacing: Theme.gap

                Repeater {
                    id: others
                    model: overlay.actions.options.length

                    KsTile {
                        required property int index

                        kind: "action"
                        option: overlay.actions.options[index] ?? ({
                                "id": "",
                                "label": "",
                                "hint": "",
                                "icon": "",
                                "name": "",
                                "description": ""
                            })
                        objectName: "option_" + option.id
                        rank: 101 + index
                        width: (overlay.inner - (overlay.actions.columns - 1) * Theme.gap) / overlay.actions.columns
                        height: overlay.actions.height
                        onClicked: overlay.model.choose(option.id)
                    }
                }
            }
        }
    }
}
