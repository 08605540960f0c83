"""The house rules a linter does not know, checked over the whole tree: `python -m tests.house`.

Sizes of files and functions, docstrings, marks left behind, tests that can skip, words that may not stand here.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES = 500
FUNCTION_LINES = 50
PUBLIC = ("kiosk", "drivers", "config", "sync")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SKIPS = re.compile(r"mark\.(skip|skipif|xfail)|pytest\.skip\(|importorskip")
FOREIGN = re.compile(
    r"pypi\.[o]rg|python[h]osted|registry\.npm[j]s|deb\.debian\.[o]rg|/wor[k]/|/tm[p]/bash", re.IGNORECASE
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    """Files git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def problems() -> Iterator[str]:
    """One line a problem, `file:line: what`."""
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        place = path.relative_to(ROOT)
        yield from (f"{place}:{line}: {what}" for line, what in _text_problems(path, text))
        if path.suffix == ".py":
            yield from (f"{place}:{line}: {what}" for line, what in _code_problems(path, text))


def _text_problems(path: Path, text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    if path.suffix in (".py", ".qml") and len(lines) > FILE_LINES:
        yield 1, f"{len(lines)} lines, at most {FILE_LINES}"
    for number, line in enumerate(lines, 1):
        if FOREIGN.search(line):
            yield number, "names a package host or a path of one machine"
        if path.suffix in (".py", ".qml") and path.name != "house.py" and MARKS.search(line):
            yield number, "a mark was left behind"


def _code_problems(path: Path, text: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(text)
    if text.strip() and not ast.get_docstring(tree) and path.name != "__init__.py":
        yield 1, "module without a docstring"
    for node in ast.walk(tree):
        if isinstance(node, Function):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {size} lines, at most {FUNCTION_LINES}"
    if path.parts[len(ROOT.parts)] == "tests":
        skips = (n for n, line in enumerate(text.splitlines(), 1) if path.name != "house.py" and SKIPS.search(line))
        yield from ((number, "a test that can skip") for number in skips)
    elif path.parts[len(ROOT.parts)] in PUBLIC:
        yield from _undocumented(tree)


def _undocumented(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in tree.body:
        public = isinstance(node, (ast.ClassDef, *Function.__args__)) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def main() -> int:
    """Print every problem; 1 when there is one."""
    found = list(problems())
    print("\n".join(found) if found else "the house rules are kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
