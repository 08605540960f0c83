// The receipt printer as a drawing of ours, cut open: cover, roll and paper, and an arrow for what to do. A movement
// shows three times what is meant and then rests at its end.
import QtQuick

Item {
    id: picture

    property string shows: "open"
    property string spoken: ""
    readonly property bool lidUp: shows === "old_out" || shows === "new_in"
    readonly property bool front: shows === "test" || shows === "done" || shows === "failed"
    readonly property bool arrowUp: shows === "open" || shows === "old_out"
    readonly property int base: Math.floor(Math.min(width / 2.3, height / 2.55))
    readonly property int line: Math.max(3, Math.round(base * 0.03))
    property real at: 1

    onShowsChanged: move.restart()
    Component.onCompleted: move.restart()
    Accessible.role: Accessible.Graphic
    Accessible.name: spoken

    SequentialAnimation {
        id: move
        loops: Theme.tickMs > 0 && !picture.front ? 3 : 1

        NumberAnimation {
            target: picture
            property: "at"
            from: Theme.tickMs > 0 && !picture.front ? 0 : 1
            to: 1
            duration: Theme.tickMs * 2
            easing.type: Easing.InOutQuad
        }
        PauseAnimation {
            duration: Theme.tickMs
        }
    }
    Item {
        id: scene
        readonly property int unit: picture.base

        anchors.centerIn: parent
        width: Math.round(unit * 2.3)
        height: Math.round(unit * 2.55)

        Rectangle {
            // The test paper stands behind the front, and comes out of the slot.
            visible: picture.front
            x: Math.round(scene.unit * 0.62)
            y: Math.round(scene.unit * 0.7)
            width: Math.round(scene.unit * 1.0)
            height: Math.round(scene.unit * 0.95)
            color: "white"
            border.width: picture.line
            border.color: Theme.ink

            KsText {
                anchors.horizontalCenter: parent.horizontalCenter
                y: Math.round(parent.height * 0.28)
                text: "TEST"
                px: Math.max(Theme.body, Math.round(scene.unit * 0.3))
                weight: Font.Bold
                lineHeight: 1
                color: "black"
                spokenElsewhere: true
            }
        }
        Rectangle {
            id: body
            x: Math.round(scene.unit * 0.35)
            y: Math.round(scene.unit * 1.5)
            width: Math.round(scene.unit * 1.55)
            height: Math.round(scene.unit * 0.95)
            radius: Math.round(scene.unit * 0.08)
            color: Theme.highContrast ? Theme.surface : Theme.inkMuted
            border.width: picture.line * 2
            border.color: Theme.ink

            Rectangle {
                // Cut open: where the roll lies.
                visible: !picture.front
                x: Math.round(parent.width * 0.16)
                y: picture.line
                width: Math.round(parent.width * 0.6)
                height: Math.round(parent.height * 0.78)
                radius: Math.round(scene.unit * 0.06)
                color: Theme.paper
                border.width: picture.line
                border.color: Theme.ink
            }
        }
        Rectangle {
            id: roll
            readonly property bool worn: picture.shows === "open" || picture.shows === "old_out"
            readonly property int inside: body.y + Math.round(body.height * 0.4)
            readonly property int outside: Math.round(scene.unit * 0.9)
            readonly property real way: picture.shows === "old_out" ? picture.at : picture.shows === "new_in" ? 1 - picture.at * 0.55 : 0

            visible: !picture.front
            width: Math.round(scene.unit * (worn ? 0.34 : 0.66))
            height: width
            radius: width / 2
            x: body.x + Math.round(body.width * 0.46 - width / 2)
            y: Math.round(inside + (outside - inside) * way - height / 2)
            color: "white" // paper is white in every scheme
            border.width: picture.line * 2
            border.color: "black"

            Rectangle {
                anchors.centerIn: parent
                width: Math.round(scene.unit * 0.16)
                height: width
                radius: width / 2
                color: "black"
            }
        }
        Rectangle {
            id: lid
            readonly property real angle: picture.front ? 0 : picture.lidUp ? 72 : picture.shows === "open" ? 72 * picture.at : 72 - 54 * picture.at

            x: body.x
            y: body.y - height + picture.line
            width: body.width
            height: Math.round(scene.unit * 0.16)
            radius: Math.round(height * 0.4)
            color: Theme.ink
            transformOrigin: Item.BottomRight
            rotation: angle
        }
        KsIcon {
            visible: !picture.front
            side: Math.round(scene.unit * 0.5)
            x: Math.round(scene.unit * 0.12)
            y: Math.round(scene.unit * (picture.shows === "close" ? 0.42 : 0.75))
            name: visible ? "arrow-fat-up-bold" : ""
            rotation: picture.arrowUp ? 0 : 180
        }
        KsDisc {
            visible: picture.shows === "done" || picture.shows === "failed"
            width: Math.round(scene.unit * 0.55)
            x: body.x + body.width - Math.round(width * 0.7)
            y: body.y - Math.round(height * 0.35)
            name: !visible ? "" : picture.shows === "done" ? "check-bold" : "x-bold"
            tint: picture.shows === "done" ? Theme.success : Theme.danger
            color: picture.shows === "done" ? Theme.successTint : Theme.dangerTint
        }
    }
}
