"""The municipality's logo: a drawing that stands alone, so that it looks the same on every column and in every file.

Not for: where it is drawn (`assets/documents/attest.typ`).
"""

from __future__ import annotations

import re
from pathlib import Path

from config.problems import Findings
from config.toml_source import TomlSource

LARGEST = 100_000
"""Bytes; it is part of every attest."""
_SVG = "{http://www.w3.org/2000/svg}svg"
_DECLARED = r"<!(?:DOCTYPE|ENTITY)"
_ELEMENT = r"<(?:\w+:)?(?:script|image|text|foreignObject)\b"
_LINK = r"""href\s*=\s*["'](?!\#)|url\((?!["']?\#)"""
_OUTSIDE = re.compile(f"{_DECLARED}|{_ELEMENT}|{_LINK}", re.IGNORECASE)
"""What leads out of the file or needs fonts of this machine; declarations, so that no bomb is ever parsed."""


def read_logo(folder: Path, source: TomlSource, name: str, findings: Findings) -> str:
    """The text of the drawing `name` in `folder`; what is wrong with it goes to `findings`, and "" comes back."""
    if not name:
        return ""
    from xml.etree import ElementTree  # most sites have none, and every start of a column reads the site

    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        found = f"logo '{name}' cannot be read: {error.strerror}"
        return _wrong(source, findings, found, "put the file beside site.toml")
    if len(raw) > LARGEST:
        found = f"logo '{name}' has {len(raw)} bytes"
        return _wrong(source, findings, found, f"make it simpler, at most {LARGEST}")
    try:
        text = raw.decode()
        outside = _OUTSIDE.search(text)
        if outside:
            found = f"logo '{name}' has '{outside[0]}'"
            return _wrong(source, findings, found, "save it as a plain SVG with texts as paths and nothing linked")
        root = ElementTree.fromstring(text)  # noqa: S314 - without declarations there is nothing to expand or fetch
    except (UnicodeDecodeError, ElementTree.ParseError):
        return _wrong(source, findings, f"logo '{name}' is no SVG", "save it as a plain SVG in UTF-8")
    if root.tag != _SVG or not root.get("viewBox"):
        found = f"logo '{name}' is no SVG with a viewBox"
        return _wrong(source, findings, found, "save it as a plain SVG with its size in viewBox")
    return text


def _wrong(source: TomlSource, findings: Findings, found: str, right: str) -> str:
    findings.add(source.path, source.line(("logo",)), found, right)
    return ""
