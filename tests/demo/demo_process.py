"""`zuil demo` as a process of its own, driven as a person would: by its input, its pages and signals."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

import psutil
import requests

PATIENCE_S = 60.0


class DemoProcess:
    """A running demo; entered it has said where its dock is.

    Attributes:
        lines: everything it printed so far.
        url: address of its back office and dock.
    """

    def __init__(self, data: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "kiosk.cli", "demo", "--data", str(data), *arguments]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env={**os.environ, **(environment or {})},
        )
        self._fresh: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="demo output")
        self.lines: list[str] = []
        self.url = ""

    def __enter__(self) -> DemoProcess:
        self._reader.start()
        self.until(lambda: any("/dock" in line for line in self.said()), "the address of the dock")
        self.url = re.findall(r"(http://\S+)/dock", "\n".join(self.lines))[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        family = self.family()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            assert pipe
            self._reader.join()
            pipe.close()

    def said(self) -> list[str]:
        """Every line it printed so far."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.lines.append(self._fresh.get_nowait())
        return self.lines

    def type(self, line: str) -> None:
        """Type a line at the kiosk's text screen."""
        assert self._child.stdin
        self._child.stdin.write(f"{line}\n")
        self._child.stdin.flush()

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for something to become true."""
        limit = time.monotonic() + PATIENCE_S
        while not true():
            assert self._child.poll() is None, f"the demo ended with {self._child.returncode}: {self.said()}"
            assert time.monotonic() < limit, f"waited in vain for {what}; it said {self.said()}"
            threading.Event().wait(0.05)

    def shows(self, words: str) -> None:
        """Wait until the newest lines say something, and forget them."""
        self.until(lambda: any(words in line for line in self.said()), repr(words))
        self.lines.clear()

    def dock(self) -> dict[str, object]:
        """The dock's state as the page gets it."""
        found = requests.get(f"{self.url}/dock/state", timeout=PATIENCE_S).json()
        assert isinstance(found, dict)
        return found

    def move(self, lever: str, state: str) -> None:
        """Move a lever by the dock page."""
        requests.post(f"{self.url}/dock/{lever}/{state}", timeout=PATIENCE_S).raise_for_status()

    def column(self) -> psutil.Process:
        """The kiosk's own process."""
        children = [child for child in self.family()[1:] if "run" in child.cmdline()]
        assert len(children) == 1, children
        return children[0]

    def family(self) -> list[psutil.Process]:
        """The demo and everything it started."""
        try:
            parent = psutil.Process(self._child.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask the demo to end; its status once nothing of it is left."""
        family = self.family()
        self._child.send_signal(how)
        status = self._child.wait(PATIENCE_S)
        _, alive = psutil.wait_procs(family, timeout=PATIENCE_S)
        assert not alive, f"left behind: {alive}"
        return status

    def wait(self) -> int:
        """Its status when it ends by itself."""
        return self._child.wait(PATIENCE_S)

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            self._fresh.put(line.rstrip())


@contextlib.contextmanager
def virtual_display(folder: Path) -> Iterator[dict[str, str]]:
    """An X server without a screen; what a program needs to find it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    with (folder / "xvfb.log").open("w") as log:
        server = subprocess.Popen(command, pass_fds=[writing], stdout=log, stderr=log)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, (folder / "xvfb.log").read_text()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software"}
    finally:
        server.terminate()
        server.wait()
