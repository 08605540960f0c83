"""The log of a running column: named loggers by subject ("zuil.printer", "zuil.sync", …), one line a record, bounded.

Records hold subjects, states and reasons, never what a person typed or what stands on a card. Not for: facts that must
not be lost; those are events in the journal.
"""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler

from config.settings import LogSettings

_FORM = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_FILE_BYTES = 2_000_000
_FILES = 5


def start_logging(settings: LogSettings, *, terminal: bool = True, file: str = "zuil.log") -> None:
    """Write records to the log folder and, for whoever watches, to standard error.

    Args:
        terminal: false when the terminal itself is the screen.
        file: name in the folder; each program of the column has its own.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [
        RotatingFileHandler(settings.folder / file, maxBytes=_FILE_BYTES, backupCount=_FILES, delay=True)
    ]
    if terminal:
        handlers.append(logging.StreamHandler(sys.stderr))
    # `force`: a library that configured the root logger at import must not double or swallow records.
    logging.basicConfig(level=logging.WARNING, format=_FORM, handlers=handlers, force=True)
    logging.getLogger("zuil").setLevel(settings.level.upper())
