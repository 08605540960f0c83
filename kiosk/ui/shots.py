"""Book of screenshots: pages × languages × text sizes × contrast × reach × form factors, offscreen, with an index.

`python -m kiosk.ui.shots --out DIR`. A composition root may feed the pages of real journeys to `shoot`. Not for:
comparing pictures.
"""

from __future__ import annotations

import argparse
import html
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from kiosk.core.pages import Contrast, Look, Overlay, Page, TextSize, View
from kiosk.core.texts import LANGUAGES, Language, Texts
from kiosk.ui.app import Window, application, open_window
from kiosk.ui.brand import Brand
from kiosk.ui.metrics import ScreenModel, offers_reach
from kiosk.ui.samples import BRAND, PAGES
from kiosk.ui.screen import QtScreen
from kiosk.ui.speaker import RecordingSpeaker
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from kiosk.ui.tokens import load_design

Pages = Mapping[str, tuple[Page, Overlay | None]]

MOMENT = datetime(2026, 11, 23, 10, 24, tzinfo=timezone(timedelta(hours=1)))
"""The clock of every picture."""


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    page: str
    language: Language
    look: Look

    @property
    def name(self) -> str:
        """File name without form factor."""
        parts = [self.page, self.language]
        parts += ["large"] if self.look.size is TextSize.LARGE else []
        parts += ["contrast"] if self.look.contrast is Contrast.HIGH else []
        parts += ["reach"] if self.look.reach else []
        return "-".join(parts) + ".png"


def looks(model: ScreenModel) -> list[Look]:
    """Every look a panel offers."""
    reaches = (False, True) if offers_reach(model, load_design()) else (False,)
    return [Look(size, contrast, reach) for size in TextSize for contrast in Contrast for reach in reaches]


def shoot(
    texts: Texts, pages: Pages, out: Path, models: Sequence[ScreenModel], languages: Sequence[Language], brand: Brand
) -> list[Path]:
    """Draw every combination into `out` and write its index.html.

    Returns:
        The pictures, in the order of the index.
    """
    made: list[Future[Path]] = []
    with ThreadPoolExecutor(2) as pool:
        for model in models:
            folder = out / f"{model.form.value}-{model.diagonal_inch:g}"
            folder.mkdir(parents=True, exist_ok=True)
            screen = QtScreen()
            window = open_window(
                screen, model, brand, texts, RecordingSpeaker(), now=lambda: MOMENT, motion_scale=0, settle_s=0
            )
            window.quick.show()
            made += list(_series(window, pages, folder, model, languages, pool))
            window.close()
    pictures = [each.result() for each in made]
    (out / "index.html").write_text(index(pictures, out), encoding="utf-8")
    return pictures


def index(pictures: Sequence[Path], out: Path) -> str:
    """A page with every picture, small, linked to the whole one."""
    names = [html.escape(path.relative_to(out).as_posix()) for path in pictures]
    cells = "\n".join(f'<a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a>' for name in names)
    style = "body{font:14px sans-serif;background:#ddd} img{height:420px;margin:6px;border:1px solid #999}"
    return f'<!doctype html><meta charset="utf-8"><title>Zuil: screens</title><style>{style}</style>\n{cells}\n'


def _series(
    window: Window, pages: Pages, folder: Path, model: ScreenModel, languages: Sequence[Language], pool: Executor
) -> Iterator[Future[Path]]:
    serial = 0
    for look in looks(model):
        for page in pages:
            for language in languages:
                serial += 1
                shot = Shot(page, language, look)
                content, overlay = pages[page]
                window.model.show(View(serial, content, language, tuple(LANGUAGES), look, overlay))
                QGuiApplication.processEvents()
                QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                yield pool.submit(_save, window.quick.grabWindow(), folder / shot.name)


def _save(picture: QImage, path: Path) -> Path:
    writer = QImageWriter(str(path), QByteArray(b"png"))
    writer.setQuality(80)  # of the qualities PNG knows, one that is written quickly
    if not writer.write(picture):
        raise OSError(f"{path}: {writer.errorString()}")
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the sample pages; see `--help`."""
    parser = argparse.ArgumentParser(prog="kiosk.ui.shots", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--pages", nargs="*", choices=list(PAGES), default=list(PAGES))
    parser.add_argument("--languages", nargs="*", choices=list(LANGUAGES), default=list(LANGUAGES))
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from config.texts import load_texts

    application()
    pages = {name: PAGES[name] for name in given.pages}
    made = shoot(load_texts(), pages, given.out, (DEMO_COLUMN, DEMO_COUNTER), given.languages, BRAND)
    print(f"{len(made)} pictures in {given.out}")  # noqa: T201 - a command's answer
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
