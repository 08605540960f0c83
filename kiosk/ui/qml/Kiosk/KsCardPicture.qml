// Card and reader as a drawing of ours: lying with the reader left in portrait, standing with the reader above in
// landscape, and never both on one column. A movement shows three times what to do and then rests.
import QtQuick

Item {
    id: picture

    property string shows: "insert"
    property string spoken: ""
    readonly property bool upright: !Theme.portrait
    readonly property bool inserts: shows === "insert"
    readonly property bool turns: shows === "turn"
    readonly property bool takes: shows === "take"
    // Everything below is in shares of the reader's height.
    readonly property real share: inserts ? 2.26 : turns ? 3.2 : takes ? 2.1 : 1.36
    readonly property real cardAt: inserts ? 1.31 : turns ? 0.8 : takes ? 0.48 : 0.26
    readonly property real travel: inserts ? -0.83 : takes ? 0.16 : 0
    readonly property int base: Math.floor(Math.min(upright ? width : height, (upright ? height : width) / share))
    property real push: 0

    onShowsChanged: move.restart()
    Component.onCompleted: move.restart()
    Accessible.role: Accessible.Graphic
    Accessible.name: spoken

    SequentialAnimation {
        id: move
        loops: picture.travel !== 0 && Theme.tickMs > 0 ? 3 : 1

        NumberAnimation {
            target: picture
            property: "push"
            from: 0
            to: Theme.tickMs > 0 ? picture.travel : 0
            duration: Theme.tickMs * 2
            easing.type: Easing.InOutQuad
        }
        PauseAnimation {
            duration: Theme.tickMs
        }
        PropertyAction {
            target: picture
            property: "push"
            value: 0
        }
    }
    Item {
        id: scene
        anchors.centerIn: parent
        width: Math.round(picture.base * picture.share)
        height: picture.base
        rotation: picture.upright ? 90 : 0

        KsIcon {
            visible: picture.inserts || picture.takes
            side: Math.round(picture.base * 0.5)
            x: Math.round(picture.base * (picture.inserts ? 0.77 : 1.56))
            anchors.verticalCenter: parent.verticalCenter
            name: visible ? "arrow-fat-up-bold" : ""
            rotation: picture.inserts ? -90 : 90
        }
        KsCard {
            id: card
            height: Math.round(picture.base * 0.6)
            x: Math.round(picture.base * (picture.cardAt + picture.push))
            anchors.verticalCenter: parent.verticalCenter
        }
        KsCard {
            id: other
            visible: picture.turns
            chip: false
            height: card.height
            x: parent.width - width
            anchors.verticalCenter: parent.verticalCenter
        }
        KsIcon {
            visible: picture.turns
            side: Math.round(picture.base * 0.38)
            x: Math.round((card.x + card.width + other.x - width) / 2)
            anchors.verticalCenter: parent.verticalCenter
            name: visible ? "arrow-counter-clockwise-bold" : ""
        }
        KsDisc {
            visible: picture.turns
            width: Math.round(picture.base * 0.26)
            x: Math.round(card.x + card.width - width * 0.7)
            y: Math.round(card.y - height * 0.3)
            rotation: -scene.rotation
            name: visible ? "check-bold" : ""
            tint: Theme.success
            color: Theme.successTint
        }
        KsDisc {
            visible: picture.turns
            width: Math.round(picture.base * 0.26)
            x: Math.round(other.x + other.width - width * 0.8)
            y: Math.round(other.y - height * 0.3)
            rotation: -scene.rotation
            name: visible ? "x-bold" : ""
            tint: Theme.danger
            color: Theme.dangerTint
        }
        Rectangle {
            id: reader
            width: Math.round(picture.base * 0.74)
            height: parent.height
            radius: Math.round(picture.base * 0.05)
            color: Theme.highContrast ? Theme.surface : Theme.inkMuted
            border.width: card.line * 2
            border.color: Theme.ink

            Rectangle {
                // The mouth of the slot stands out a little, as it does on a real reader.
                x: parent.width - Math.round(width * 0.65)
                anchors.verticalCenter: parent.verticalCenter
                width: Math.round(picture.base * 0.1)
                height: Math.round(picture.base * 0.74)
                radius: Math.round(width / 4)
                color: Theme.ink
            }
            KsDisc {
                x: Math.round((parent.width - width - picture.base * 0.08) / 2)
                anchors.verticalCenter: parent.verticalCenter
                width: Math.round(picture.base * 0.4)
                rotation: -scene.rotation
                name: picture.takes ? "bell-ringing" : picture.shows === "reading" ? "hand-palm" : "identification-card"
            }
        }
    }
}
