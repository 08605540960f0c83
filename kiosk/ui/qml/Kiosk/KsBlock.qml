// One card of reading matter: a fact, a section, the number, a line about the paper, or a code.
pragma ComponentBehavior: Bound
import QtQuick

Rectangle {
    id: card

    property var placed: null
    property string codeName
    readonly property var block: placed ? placed.block : null
    readonly property string kind: block ? block.kind : ""

    x: placed ? placed.x : 0
    y: placed ? placed.y : 0
    width: placed ? placed.width : 0
    height: placed ? placed.height : 0
    radius: kind === "number" ? Math.round(Theme.radius * 1.5) : Theme.radius
    color: kind === "fact" ? Theme.brandTint : kind === "paper" ? Theme[tinted] : Theme.surface
    border.width: kind === "fact" && !Theme.highContrast ? 0 : Theme.outlineWidth
    border.color: kind === "paper" ? Theme[tone] : Theme.highContrast ? Theme.outline : kind === "fact" ? Theme.brandText : Theme.line
    readonly property string tone: kind !== "paper" || block.heading === "plain" ? "brandText" : block.heading
    readonly property string tinted: kind !== "paper" || block.heading === "plain" ? "brandTint" : block.heading + "Tint"

    Loader {
        anchors.fill: parent
        sourceComponent: card.kind === "number" ? numberCard : card.kind === "section" ? sectionCard : card.kind === "code" ? codeCard : card.kind ? lineCard : null
    }

    Component {
        id: numberCard

        Item {
            KsText {
                id: label
                objectName: "ticket_label"
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.pad
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.NoWrap
                text: card.block.heading
                px: Math.max(Theme.body, Math.min(Theme.display, Math.floor(width / (0.7 * Math.max(text.length, 1))), Math.floor((parent.height - Theme.inset) / 1.34)))
                weight: Font.Bold
                lineHeight: 1
            }
        }
    }
    Component {
        id: sectionCard

        Item {
            KsIcon {
                x: Theme.pad
                y: Theme.pad - Math.round((side - Theme.title) / 2) + 4
                side: Theme.icon
                name: card.block.icon
            }
            Column {
                x: Theme.pad + Theme.icon + Theme.step
                y: Theme.pad
                width: parent.width - x - Theme.pad

                KsText {
                    width: parent.width
                    text: card.block.heading
                    px: Theme.title
                    weight: Font.DemiBold
                    lineHeight: Theme.titleLeading
                }
                Repeater {
                    model: card.block.lines.length

                    Item {
                        id: point

                        required property int index
                        readonly property int indent: card.block.bulleted ? Math.round(Theme.body * 0.9) : 0

                        width: parent ? parent.width : 0
                        height: line.implicitHeight + Math.round(Theme.body * 0.32)

                        Rectangle {
                            visible: card.block.bulleted
                            width: Math.round(Theme.body * 0.3)
                            height: width
                            radius: width / 2
                            color: Theme.brandText
                            y: line.y + Math.round(Theme.body * 0.55)
                        }
                        KsText {
                            id: line
                            x: point.indent
                            y: Math.round(Theme.body * 0.32)
                            width: parent.width - x
                            text: card.block.lines[point.index] ?? ""
                        }
                    }
                }
            }
        }
    }
    Component {
        id: lineCard

        Item {
            KsIcon {
                id: sign
                x: Theme.pad
                anchors.verticalCenter: parent.verticalCenter
                side: Theme.icon
                name: card.block.icon
                tint: card.kind === "paper" ? Theme[card.tone] : Theme.brandText
            }
            Column {
                x: sign.x + sign.width + (card.kind === "paper" ? Theme.pad : Theme.step)
                width: parent.width - x - Theme.pad
                anchors.verticalCenter: parent.verticalCenter
                spacing: 4

                KsText {
                    visible: card.kind === "fact"
                    width: parent.width
                    text: visible ? card.block.heading : ""
                    px: Theme.label
                    color: Theme.inkMuted
                }
                KsText {
                    objectName: card.kind === "paper" ? "paper_line" : ""
                    width: parent.width
                    text: card.block.lines[0] ?? ""
                    aloud: card.block.said || text
                    weight: Font.DemiBold
                    color: card.kind === "paper" && card.block.heading !== "plain" ? Theme[card.tone] : Theme.ink
                }
            }
        }
    }
    Component {
        id: codeCard

        Item {
            Rectangle {
                id: ground
                x: Theme.pad
                width: parent.height - 2 * Theme.pad
                height: width
                anchors.verticalCenter: parent.verticalCenter
                color: "white"

                Image {
                    objectName: "code"
                    anchors.fill: parent
                    smooth: false
                    cache: false // it leads to somebody's document
                    sourceSize: Qt.size(width, height)
                    source: width > 0 ? "image://code/" + encodeURIComponent(card.block.heading) : ""
                    Accessible.role: Accessible.Graphic
                    Accessible.name: card.codeName
                }
            }
            KsText {
                x: ground.x + ground.width + Theme.pad
                width: parent.width - x - Theme.pad
                anchors.verticalCenter: parent.verticalCenter
                text: card.block.lines[0] ?? ""
                px: Theme.title
                weight: Font.DemiBold
            }
        }
    }
}
