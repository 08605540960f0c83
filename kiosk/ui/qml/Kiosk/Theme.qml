// Design tokens of the screens. Written by `python -m kiosk.ui.theme` from assets/theme; do not edit.
// The values are those of the demonstration column; kiosk/ui/theme.py sets the real ones at start.
pragma Singleton
import QtQuick

QtObject {
    property color brand: "#0B4F6C"
    property color brandPressed: "#083B51"
    property color brandInk: "#FFFFFF"
    property color brandText: "#0B4F6C"
    property color brandEdge: "#0B4F6C"
    property color brandTint: "#E4ECEF"
    property color paper: "#F6F4EF"
    property color surface: "#FFFFFF"
    property color sunken: "#ECE9E1"
    property color ink: "#15222E"
    property color inkMuted: "#3D4B58"
    property color outline: "#7F8890"
    property color line: "#D8D5CC"
    property color success: "#0E5A3A"
    property color successTint: "#E1F1E8"
    property color warning: "#6E4300"
    property color warningTint: "#FFF1D6"
    property color danger: "#8E1B1B"
    property color dangerTint: "#FBE8E6"
    property color focusOuter: "#15222E"
    property color focusInner: "#FFBF1F"
    property color scrim: "#15222E"
    property bool portrait: true
    property int width: 1080
    property int height: 1920
    property real unit: 1.0
    property int body: 28
    property int label: 26
    property int title: 32
    property int h2: 36
    property int h1: 59
    property int display: 207
    property int margin: 56
    property int gap: 20
    property int pad: 26
    property int header: 116
    property int headGap: 30
    property int disc: 96
    property int icon: 60
    property int primaryDisc: 120
    property int primaryIcon: 68
    property int tileMin: 120
    property int tileMax: 196
    property int primaryMin: 176
    property int primaryMax: 260
    property int button: 108
    property int mark: 76
    property int toolbarPad: 22
    property int toolbarGap: 12
    property int language: 84
    property int toolIcon: 40
    property int toolPad: 14
    property int key: 92
    property int field: 112
    property int rail: 0
    property int target: 49
    property int primaryTarget: 65
    property int reachTop: 0
    property int primaryTitle: 37
    property int compactIcon: 45
    property int actionIcon: 48
    property int inset: 17
    property int step: 19
    property real millimetre: 3.212171434940651
    property real titleLeading: 0.9
    property real bodyLeading: 1.0
    property int radius: 24
    property int radiusSmall: 16
    property int outlineWidth: 2
    property int fieldBorder: 4
    property int focusOuterWidth: 6
    property int focusInnerWidth: 5
    property int focusOutset: 10
    property string family: "Atkinson Hyperlegible Next"
    property bool highContrast: false
    property int pressMs: 120
    property int pageMs: 240
    property int tickMs: 420
    property int slide: 90
    property real pressScale: 0.985
}
