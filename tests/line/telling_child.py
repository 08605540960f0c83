"""`zuil run` that tells, whenever it is asked, what in it still holds a word. A process of its own; not a test.

    python -m tests.line.telling_child FOLDER SETTINGS

A file `ask` in the folder has the words, a line each and written backwards, so that asking does not make them known. It
is answered by a file `told`: JSON, the types that hold one of them.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from kiosk.running import run_on_screen
from tests.holding import holders


def main() -> int:
    """Run; ends as `zuil run` does."""
    threading.Thread(target=_tell, args=(Path(sys.argv[1]),), daemon=True).start()
    return run_on_screen(Path(sys.argv[2]))


def _tell(folder: Path) -> None:
    ask, told = folder / "ask", folder / "told"
    while True:
        time.sleep(0.05)
        if ask.exists():
            found: list[str] = []
            for line in ask.read_text().splitlines():
                found += holders(line[::-1])
            ask.unlink()
            fresh = told.with_suffix(".new")
            fresh.write_text(json.dumps(found))
            fresh.rename(told)


if __name__ == "__main__":
    sys.exit(main())
