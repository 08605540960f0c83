// The tiles of one sheet of a menu, each where the plan says.
pragma ComponentBehavior: Bound
import QtQuick

Item {
    id: tiles

    required property var model
    required property var words
    required property var sheet

    Repeater {
        model: tiles.sheet ? tiles.sheet.spots.length : 0

        KsTile {
            required property int index
            readonly property var spot: tiles.sheet?.spots[index] ?? ({
                    "option": 0,
                    "kind": "normal",
                    "x": 0,
                    "y": 0,
                    "width": 0,
                    "height": 0
                })

            option: tiles.words.options[spot.option] ?? ({
                    "id": "",
                    "label": "",
                    "hint": "",
                    "icon": "",
                    "name": "",
                    "description": ""
                })
            objectName: "option_" + option.id
            kind: spot.kind
            rank: 100 + spot.option
            x: spot.x
            y: spot.y
            width: spot.width
            height: spot.height
            onClicked: tiles.model.choose(option.id)
        }
    }
}
