// The dock beside the demonstration kiosk: levers at the left, paper at the right, addresses below.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk

Window {
    id: win

    required property var dock

    width: 760
    height: 900
    minimumWidth: 640
    minimumHeight: 480
    title: "Dock – Zuil demo"
    color: Theme.paper

    Item {
        id: head
        x: 20
        width: parent.width - 40
        height: 60

        ZdText {
            id: name
            text: "Dock"
            px: 24
            font.weight: Font.Bold
            anchors.verticalCenter: parent.verticalCenter
            Accessible.role: Accessible.Heading
        }
        ZdText {
            objectName: "status"
            text: win.dock.status
            color: win.dock.running ? Theme.success : Theme.warning
            font.weight: Font.DemiBold
            anchors.right: parent.right
            anchors.left: name.right
            anchors.leftMargin: 20
            anchors.verticalCenter: parent.verticalCenter
            horizontalAlignment: Text.AlignRight
            maximumLineCount: 2
        }
    }
    Flickable {
        id: left
        clip: true
        x: 20
        y: head.height
        width: (parent.width - 60) * 0.54
        height: parent.height - y - foot.height - 20
        contentHeight: levers.height
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: levers
            width: left.width
            spacing: 14

            Repeater {
                model: win.dock.levers

                ZdLever {
                    required property var modelData

                    lever: modelData
                    now: win.dock.now[modelData.id]
                    busy: win.dock.busy
                    width: levers.width
                    onChosen: state => win.dock.move(modelData.id, state)
                }
            }
        }
    }
    ZdPaper {
        x: left.x + left.width + 20
        y: left.y
        width: parent.width - x - 20
        height: left.height
        paper: win.dock.paper
        papers: win.dock.papers
        caption: win.dock.caption
        onTurned: step => win.dock.turn(step)
    }
    Column {
        id: foot
        x: 20
        width: parent.width - 40
        anchors.bottom: parent.bottom
        bottomPadding: 16

        ZdText {
            objectName: "visitors"
            width: parent.width
            bottomPadding: 8
            visible: text !== ""
            text: win.dock.visitors
        }
        ZdLink {
            objectName: "recorded"
            visible: address !== ""
            text: "Recorded visit"
            address: win.dock.recorded
            onClicked: win.dock.open(address)
        }
        Repeater {
            model: win.dock.pages

            ZdLink {
                required property var modelData

                objectName: "page_" + modelData.title
                text: modelData.title
                address: modelData.address
                onClicked: win.dock.open(address)
            }
        }
        Row {
            height: 28
            spacing: 12

            ZdText {
                width: 110
                text: "Staff account"
                color: Theme.inkMuted
            }
            ZdText {
                objectName: "staff"
                text: win.dock.staff
            }
        }
    }
}
