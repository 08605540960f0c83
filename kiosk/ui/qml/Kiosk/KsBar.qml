// The bottom bar: Back left, the next action right, just above the dock.
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
    readonly property bool leads: lead.id !== undefined

    visible: words.back || leads
    height: visible ? Math.max(Theme.button, words.back ? backButton.implicitHeight : 0, leads ? leadButton.implicitHeight : 0) : 0

    KsButton {
        id: leadButton
        objectName: bar.leads ? "option_" + bar.lead.id : ""
        rank: bar.leads ? 100 + bar.lead.place : 100
        visible: bar.leads
        strong: bar.leads && bar.lead.weight === "primary"
        readonly property int room: bar.width - (bar.words.back ? backButton.width + Theme.gap : 0)
        width: Theme.portrait ? room : Math.min(room, Math.max(implicitWidth, bar.width / 2 - Theme.gap / 2))
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
