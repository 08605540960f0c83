"""Words of the notices, from `notices.toml`: four languages, checked when they are read. Not for: pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sync.backoffice.pages.words import read_entries

_FILE = Path(__file__).with_name("notices.toml")


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Key to words in one language."""
    return {key: words[language] for key, words in read_entries(_FILE.read_text("utf-8")).items()}
