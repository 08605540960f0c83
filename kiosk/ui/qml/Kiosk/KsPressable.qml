// Everything that can be pressed: name, order in the walk, ring, feedback. Acts on release.
import QtQuick
import QtQuick.Templates as T

T.AbstractButton {
    id: control

    property int rank: 1
    property string spoken: text
    property string description: ""
    property int corner: Theme.radiusSmall

    focusPolicy: Qt.TabFocus
    z: visualFocus ? 1 : 0
    scale: pressed ? Theme.pressScale : 1
    Keys.onPressed: event => {
        if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && !event.isAutoRepeat) {
            event.accepted = true;
            click();
        }
    }
    Accessible.name: spoken.replace(/\u00AD/g, "")
    Accessible.description: description.replace(/\u00AD/g, "")

    Behavior on scale {
        NumberAnimation {
            duration: Theme.pressMs
        }
    }

    KsFocusRing {
        shown: control.visualFocus
        corner: control.corner
    }
}
