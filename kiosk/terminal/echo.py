"""Whether the terminal shows what is typed into it; off while a PIN is asked, and on again however the program ends.

Not for: streams that are no terminal; they show nothing by themselves.
"""

from __future__ import annotations

import atexit
import termios
from typing import TextIO


class Echo:
    """The echo of one stream.

    Args:
        source: where lines are typed; when it is no terminal, nothing happens.
    """

    def __init__(self, source: TextIO) -> None:
        self._file = source.fileno() if source.isatty() else None
        self._hidden = False

    def hide(self, hidden: bool) -> None:
        """Stop showing what is typed, or show it again; what was typed before stays to be read."""
        if self._file is None or hidden == self._hidden:
            return
        state = termios.tcgetattr(self._file)
        state[3] = state[3] & ~termios.ECHO if hidden else state[3] | termios.ECHO
        termios.tcsetattr(self._file, termios.TCSANOW, state)
        self._hidden = hidden
        if hidden:
            atexit.register(self.hide, False)
        else:
            atexit.unregister(self.hide)
