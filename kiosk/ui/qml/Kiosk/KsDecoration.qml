// A calm row of what a municipality does; decoration only, never touched or spoken.
pragma ComponentBehavior: Bound
import QtQuick

Item {
    id: band

    readonly property var signs: ["identification-card", "baby", "house-line", "tree", "books", "hand-heart"]
    readonly property int side: Math.min(height, Math.floor((width - (signs.length - 1) * Theme.gap) / signs.length))

    Row {
        anchors.centerIn: parent
        width: parent.width
        spacing: (width - band.signs.length * band.side) / (band.signs.length - 1)

        Repeater {
            model: band.visible ? band.signs.length : 0

            KsDisc {
                required property int index

                width: band.side
                name: band.signs[index]
            }
        }
    }
}
