"""Reads the codes of a picture from anybody in a process of its own, with little time, little memory and no disk.

Decoders of pictures are large programs in C, and a small crafted picture keeps the reader of codes busy for hours: a
thread cannot be ended, a process can. As a program this file is the inside of that process: a picture at its input,
JSON at its output. Not for: how a picture is read (`kiosk.documents.seal.picture`).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

SECONDS = 15
"""On the wall; a photograph takes half a second, on a busy machine two."""
CPU_SECONDS = 6
MEMORY = 1_000_000_000
"""Bytes of address space; a page at 600 dpi takes a third."""
_ROOT = Path(__file__).resolve().parents[3]
_NICE = 10
"""Counters and people at a column come first."""


class Unreadable(ValueError):
    """No code can be read in the bytes; the text is for technicians and never personal."""


def codes_apart(picture: bytes, seconds: float = SECONDS) -> tuple[str, ...]:
    """The text of every code in a picture; empty when there is none. Blocks until it is read.

    Raises:
        Unreadable: when it is no picture, too large, or takes too long.
    """
    # By its file and not by its name: the package around it loads everything that serves pages.
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={"PYTHONPATH": str(_ROOT)},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("reading the picture takes too long") from None
    except OSError as error:
        raise Unreadable(f"no process to read a picture ({type(error).__name__})") from None
    if done.returncode != 0:
        raise Unreadable("reading the picture was given up: it takes too much time or memory")
    return _told(done.stdout)


def _told(output: bytes) -> tuple[str, ...]:
    # Whatever took over the process could write anything here.
    try:
        answer = json.loads(output)
        problem, codes = answer["problem"], answer["codes"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("the process that read the picture wrote nonsense") from None
    if problem:
        raise Unreadable(str(problem)[:200])
    if not isinstance(codes, list):
        raise Unreadable("the process that read the picture wrote nonsense")
    return tuple(code for code in codes if isinstance(code, str))


def main() -> int:
    """The inside of the process."""
    bound()
    from kiosk.documents.seal.picture import NotAPicture, codes_in

    problem = ""
    codes: tuple[str, ...] = ()
    try:
        codes = codes_in(sys.stdin.buffer.read())
    except NotAPicture as error:
        problem = str(error)
    except MemoryError:
        problem = "the picture takes too much memory"
    json.dump({"problem": problem, "codes": codes}, sys.stdout)
    return 0


def bound() -> None:
    """Bind this process: time, memory, no file written, no trace of a crash on the disk."""
    os.nice(_NICE)
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
