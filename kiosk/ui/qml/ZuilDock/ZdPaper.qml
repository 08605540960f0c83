// What came out of the printer, newest first, and a way back through earlier papers.
import QtQuick
import Kiosk

Rectangle {
    id: tray

    required property int paper
    required property int papers
    required property string caption

    signal turned(int step)

    radius: 12
    color: Theme.brandTint

    ZdText {
        id: title
        x: 14
        y: 14
        width: parent.width - 28
        text: tray.caption
        font.weight: Font.DemiBold
    }
    Flickable {
        id: view
        clip: true
        anchors.fill: parent
        anchors.margins: 14
        anchors.topMargin: title.y + title.height + 12
        anchors.bottomMargin: 62
        contentHeight: picture.height
        boundsBehavior: Flickable.StopAtBounds

        Image {
            id: picture
            objectName: "paper"
            width: view.width
            height: status === Image.Ready ? Math.round(width * sourceSize.height / sourceSize.width) : 0
            source: tray.paper > 0 ? "image://paper/" + tray.paper : ""
            fillMode: Image.PreserveAspectFit
            smooth: true
            mipmap: true
            cache: false
            Accessible.role: Accessible.Graphic
            Accessible.name: tray.caption
        }
    }
    Row {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 14
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: 8

        ZdButton {
            objectName: "earlier"
            text: "Earlier"
            enabled: tray.paper > 1
            onClicked: tray.turned(-1)
        }
        ZdButton {
            objectName: "later"
            text: "Later"
            enabled: tray.paper < tray.papers
            onClicked: tray.turned(1)
        }
    }
}
