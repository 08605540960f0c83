"""A TOML file together with the line every value stands on.

Python's own reader gives values without places; a message that names no line sends people searching. The lines are
looked up only when there is something to say. Not for: judging values (`config.checked`) or writing files.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path

from config.problems import ConfigError, Problem
from config.toml_lines import KeyPath, lines_of

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class TomlSource:
    """One TOML file: its values and their lines.

    Attributes:
        path: the file.
        data: the values, as `tomllib` gives them.

    Raises:
        ConfigError: when the file cannot be read or is no TOML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = _read(path)
        self.data: dict[str, object] = _parse(path, self._text)

    def line(self, key_path: KeyPath) -> int:
        """The line of a value, or of the nearest table around it when the value is not there.

        Args:
            key_path: table keys and array indices (from 0), outermost first.
        """
        for length in range(len(key_path), 0, -1):
            line = self._lines.get(key_path[:length])
            if line:
                return line
        return 1

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return lines_of(self._text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError([Problem(path, 1, "there is no such file", "make it, or name the right one")]) from None
    except IsADirectoryError:
        raise ConfigError([Problem(path, 1, "this is a folder", "name a file that ends in .toml")]) from None
    except UnicodeDecodeError as error:
        line = 1 + bytes(error.object[: error.start]).count(b"\n")
        raise ConfigError([Problem(path, line, "a byte that is no UTF-8", "save the file as UTF-8")]) from None
    except OSError as error:
        wrong = f"the file cannot be read ({error.strerror})"
        raise ConfigError([Problem(path, 1, wrong, "let the program's user read it")]) from None


def _parse(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        wrong = f"this is no TOML ({_PLACE.sub('', str(error))})"
        advice = 'write `key = value`, texts between "quotes", a table as [name], each key once'
        raise ConfigError([Problem(path, line, wrong, advice)]) from None
