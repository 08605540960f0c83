"""`make deb-test`: the whole life of the package in a clean Debian 12, with its own systemd; some three minutes.

Needs root and the packages of packaging/apt-test.txt. Exit status 1 at the first thing that is not as it should be.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from kiosk.demo.world import World
from tests.package.life import CONTACT_POINT, Life
from tests.package.tree import Failed

FOLDER = Path(__file__).resolve().parents[2] / "build"


def main() -> int:
    """Live it."""
    FOLDER.mkdir(exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="debian-") as name:
        folder = Path(name)
        with World(folder / "world", open_now=CONTACT_POINT) as world:
            try:
                for seen in Life(folder, world).live():
                    took = "" if seen.seconds is None else f" ({seen.seconds:.2f} s)"
                    print(f"{time.monotonic() - began:6.1f} s  ok  {seen.what}{took}", flush=True)
            except Failed as failed:
                print(f"{time.monotonic() - began:6.1f} s  FAILED  {failed}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
