// The bottom bar: Back left, the next action right, just above the toolbar. In landscape the pager stands between them.
import QtQuick

Item {
    id: bar

    required property var kiosk
    required property var model
    required property var words
    readonly property var lead: {
        words;
        return model.lead();
    }
    readonly property var second: {
        words;
        return model.second();
    }
    readonly property bool leads: lead.id !== undefined
    readonly property bool seconds: second.id !== undefined
    readonly property int half: Math.floor((width - Theme.gap) / 2)
    readonly property int from: words.back ? backButton.width + Theme.gap : seconds ? secondButton.width + Theme.gap : 0
    readonly property int until: leads ? leadButton.x - Theme.gap : width
    property bool shared: false

    visible: words.back || leads
    height: visible ? Math.max(Theme.button, words.back ? backButton.implicitHeight : 0, leads ? leadButton.implicitHeight : 0, seconds ? secondButton.implicitHeight : 0) : 0

    KsButton {
        id: leadButton
        objectName: bar.leads ? "option_" + bar.lead.id : ""
        rank: bar.leads ? 100 + bar.lead.place : 100
        visible: bar.leads
        strong: bar.leads && bar.lead.weight === "primary" && bar.words.enough
        width: Theme.portrait ? bar.width - bar.from : bar.shared ? Math.min(implicitWidth, Math.round(bar.width * 0.4)) : bar.half
        height: parent.height
        anchors.right: parent.right
        text: bar.leads ? bar.lead.label : ""
        spoken: bar.leads ? bar.lead.name : ""
        description: bar.leads ? bar.lead.description : ""
        sign: bar.leads ? bar.lead.icon : ""
        trailing: bar.leads && bar.lead.icon === "" && strong ? "arrow-right-bold" : ""
        onClicked: bar.model.choose(bar.lead.id)
    }
    KsButton {
        id: secondButton
        objectName: bar.seconds ? "option_" + bar.second.id : ""
        rank: bar.seconds ? 100 + bar.second.place : 100
        visible: bar.seconds
        width: bar.shared ? Math.min(implicitWidth, Math.round(bar.width * 0.3)) : bar.half
        height: parent.height
        text: bar.seconds ? bar.second.label : ""
        spoken: bar.seconds ? bar.second.name : ""
        description: bar.seconds ? bar.second.description : ""
        sign: bar.seconds ? bar.second.icon : ""
        onClicked: bar.model.choose(bar.second.id)
    }
    KsButton {
        id: backButton
        objectName: "back"
        rank: 5000
        visible: bar.words.back
        height: parent.height
        sign: "arrow-left-bold"
        text: bar.kiosk.words.back
        onClicked: bar.model.goBack()
    }
}
