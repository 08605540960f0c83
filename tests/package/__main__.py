"""`make deb-test`: the whole life of the package in a clean Debian 12, with its own systemd; some three minutes.

Needs root and the packages of packaging/apt-test.txt. Exit status 1 at the first thing that is not as it should be.
"""

from __future__ import annotations

import sys
import time

from tests.package.life import live
from tests.package.tree import Failed


def main() -> int:
    """Live it."""
    began = time.monotonic()
    try:
        for seen in live():
            took = "" if seen.seconds is None else f" ({seen.seconds:.2f} s)"
            print(f"{time.monotonic() - began:6.1f} s  ok  {seen.what}{took}", flush=True)
    except Failed as failed:
        print(f"{time.monotonic() - began:6.1f} s  FAILED  {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
