// Languages and tools, in the same place on every screen: below in portrait, in the rail in landscape.
pragma ComponentBehavior: Bound
import QtQuick

Rectangle {
    id: toolbar

    required property var kiosk
    property bool languagesShown: true
    readonly property var languages: kiosk.languages
    readonly property var tools: kiosk.tools
    readonly property var plan: {
        languages;
        return kiosk.planToolbar(inner);
    }
    readonly property int inner: width - 2 * (Theme.portrait ? Theme.margin : Theme.toolbarPad)
    readonly property int gap: Theme.toolbarGap

    implicitHeight: plan.height + 2 * Theme.toolbarPad - (languagesShown ? 0 : plan.languagesRoom + gap)
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
        visible: toolbar.languagesShown
        x: Theme.portrait ? Theme.margin : Theme.toolbarPad
        anchors.bottom: tools.top
        anchors.bottomMargin: Theme.portrait ? toolbar.gap : toolbar.gap * 2
        columns: toolbar.plan.languageColumns
        spacing: toolbar.gap

        Repeater {
            model: toolbar.languages.length

            KsPressable {
                id: choice

                required property int index
                readonly property var language: toolbar.languages[index] ?? ({
                        "code": "",
                        "name": "",
                        "on": false
                    })

                objectName: "language_" + language.code
                rank: 6000 + index
                text: language.name
                width: (toolbar.inner - (toolbar.plan.languageColumns - 1) * toolbar.gap) / toolbar.plan.languageColumns
                height: toolbar.plan.languageHeight
                Accessible.role: Accessible.RadioButton
                checkable: true
                checked: language.on
                onToggled: checked = Qt.binding(() => choice.language.on)
                onClicked: toolbar.kiosk.use("language", language.code)

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
        x: Theme.portrait ? Theme.margin : Theme.toolbarPad
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.toolbarPad
        columns: toolbar.plan.toolColumns
        spacing: toolbar.gap

        Repeater {
            model: toolbar.tools.length

            KsTool {
                required property int index

                tool: toolbar.tools[index] ?? ({
                        "id": "",
                        "label": "",
                        "name": "",
                        "icon": "",
                        "toggle": false,
                        "on": false
                    })
                rank: 7000 + index
                stacked: toolbar.plan.stacked
                width: (toolbar.inner - (toolbar.plan.toolColumns - 1) * toolbar.gap) / toolbar.plan.toolColumns
                height: toolbar.plan.toolHeight
                onClicked: toolbar.kiosk.use(tool.id, "")
            }
        }
    }
}
