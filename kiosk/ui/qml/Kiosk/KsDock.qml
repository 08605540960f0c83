// Languages and tools, in the same place on every screen: below in portrait, in the rail in landscape.
pragma ComponentBehavior: Bound
import QtQuick

Rectangle {
    id: dock

    required property var kiosk
    property bool languagesShown: true
    readonly property var languages: kiosk.languages
    readonly property var tools: kiosk.tools
    readonly property var plan: {
        languages;
        return kiosk.planDock(inner);
    }
    readonly property int inner: width - 2 * (Theme.portrait ? Theme.margin : Theme.dockPad)
    readonly property int gap: Theme.dockGap

    implicitHeight: plan.height + 2 * Theme.dockPad - (languagesShown ? 0 : plan.languagesRoom + gap)
    color: Theme.surface

    Rectangle {
        visible: Theme.portrait
        width: parent.width
        height: Theme.outlineWidth
        color: Theme.line
    }
    Rectangle {
        visible: !Theme.portrait
        width: Theme.outlineWidth
        height: parent.height
        anchors.right: parent.right
        color: Theme.line
    }
    Grid {
        id: choices
        visible: dock.languagesShown
        x: Theme.portrait ? Theme.margin : Theme.dockPad
        anchors.bottom: tools.top
        anchors.bottomMargin: Theme.portrait ? dock.gap : dock.gap * 2
        columns: dock.plan.languageColumns
        spacing: dock.gap

        Repeater {
            model: dock.languages.length

            KsPressable {
                id: choice

                required property int index
                readonly property var language: dock.languages[index] ?? ({
                        "code": "",
                        "name": "",
                        "on": false
                    })

                objectName: "language_" + language.code
                rank: 6000 + index
                text: language.name
                width: (dock.inner - (dock.plan.languageColumns - 1) * dock.gap) / dock.plan.languageColumns
                height: dock.plan.languageHeight
                Accessible.role: Accessible.RadioButton
                checkable: true
                checked: language.on
                onToggled: checked = Qt.binding(() => choice.language.on)
                onClicked: dock.kiosk.use("language", language.code)

                background: Rectangle {
                    radius: choice.corner
                    color: choice.language.on ? Theme.brand : choice.down ? Theme.brandTint : Theme.paper
                    border.width: choice.language.on || Theme.highContrast ? Theme.outlineWidth : 0
                    border.color: choice.language.on ? Theme.brandEdge : Theme.outline
                }
                contentItem: Item {
                    KsText {
                        anchors.centerIn: parent
                        width: parent.width - 12
                        horizontalAlignment: Text.AlignHCenter
                        text: choice.text
                        weight: Font.DemiBold
                        lineHeight: Theme.titleLeading
                        color: choice.language.on ? Theme.brandInk : Theme.ink
                        spokenElsewhere: true
                    }
                }
            }
        }
    }
    Grid {
        id: tools
        x: Theme.portrait ? Theme.margin : Theme.dockPad
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.dockPad
        columns: dock.plan.toolColumns
        spacing: dock.gap

        Repeater {
            model: dock.tools.length

            KsTool {
                required property int index

                tool: dock.tools[index] ?? ({
                        "id": "",
                        "label": "",
                        "name": "",
                        "icon": "",
                        "toggle": false,
                        "on": false
                    })
                rank: 7000 + index
                stacked: dock.plan.stacked
                width: (dock.inner - (dock.plan.toolColumns - 1) * dock.gap) / dock.plan.toolColumns
                height: dock.plan.toolHeight
                onClicked: dock.kiosk.use(tool.id, "")
            }
        }
    }
}
