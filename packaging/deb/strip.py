"""What of Qt goes into the package: what our screens use, and the libraries those need. Everything else stays out.

A list of what is kept, not of what is thrown away: a part that comes with the next version of Qt, under whatever
licence, is out until somebody names it here. So the parts that are GPL only (the virtual keyboard, the Wayland
compositor, Designer) and the tools are out. Not for: other packages, which are small.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

MODULES = ("QtCore", "QtGui", "QtNetwork", "QtOpenGL", "QtQml", "QtQuick", "QtSvg")
"""Of PySide6: what `kiosk/ui` imports, and what those load themselves."""

PLUGINS = (
    "platforms/libqwayland.so",
    "platforms/libqxcb.so",
    "platforms/libqoffscreen.so",
    "platforms/libqminimal.so",
    "wayland-shell-integration/libxdg-shell.so",
    "wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    "wayland-graphics-integration-client/libdmabuf-server.so",
    "xcbglintegrations/libqxcb-egl-integration.so",
    "xcbglintegrations/libqxcb-glx-integration.so",
    "imageformats/libqjpeg.so",
    "imageformats/libqsvg.so",
)

QML = ("QtQml", "QtQuick")
"""Modules of QML: their own files, not those of the folders in them, which are other modules."""
QML_WITHIN = ("QtQml/Models", "QtQml/WorkerScript", "QtQuick/Templates", "QtQuick/Window")

GPL_ONLY = re.compile(r"virtualkeyboard|hunspell|waylandcompositor|wayland-compositor|designer|qtwaylandscanner", re.I)
"""Names of parts that are licensed under the GPL alone."""

_ROOT_FILES = ("__init__.py", "_config.py", "_git_pyside_version.py", "py.typed")
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def strip_qt(pyside: Path) -> None:
    """Leave in the folder of PySide6 only what is kept."""
    qt = pyside / "Qt"
    kept = {pyside / name for name in _ROOT_FILES}
    kept |= {path for module in MODULES for path in pyside.glob(f"{module}.abi3.so")}
    kept |= set(pyside.glob("libpyside6*.so*")) | set((pyside / "support").rglob("*.py"))
    kept |= {qt / "plugins" / name for name in PLUGINS}
    kept |= {path for name in (*QML, *QML_WITHIN) for path in _module_files(qt / "qml" / name)}
    missing = sorted(str(path) for path in kept if not path.is_file())
    if missing:
        raise FileNotFoundError(f"Qt has no such parts any more: {', '.join(missing)}")
    kept |= needed_libraries(kept, qt / "lib")
    _remove_but(pyside, kept)


def needed_libraries(files: Iterable[Path], folder: Path) -> set[Path]:
    """The libraries of `folder` that the files need, and those need in turn."""
    found: set[Path] = set()
    look_at = [path for path in files if ".so" in path.name]
    while look_at:
        names = _needed_by(look_at)
        look_at = [path for name in names if (path := folder / name).exists() and path not in found]
        found |= set(look_at)
    return found


def strip_packages(site: Path) -> None:
    """Remove what no program reads: stubs of types, headers, test suites of C extensions, paths of the build."""
    for path in [*site.rglob("*.pyi"), *site.rglob("*.pyx"), *site.rglob("*.pxd"), *site.rglob("direct_url.json")]:
        path.unlink()
    for folder in (site / "shiboken6" / "include",):
        shutil.rmtree(folder, ignore_errors=True)


def _needed_by(files: Iterable[Path]) -> set[str]:
    listed = subprocess.run(
        ["readelf", "--dynamic", "--wide", *sorted(map(str, files))], capture_output=True, text=True, check=True
    )
    return set(_NEEDED.findall(listed.stdout))


def _module_files(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_file()}


def _remove_but(folder: Path, kept: set[Path]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
