"""Where the files that come with the program lie.

Not for: files of an installation; those are settings.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
TRANSLATIONS = ASSETS / "translations"
FONTS = ASSETS / "fonts"
DOCUMENTS = ASSETS / "documents"
ICONS = ASSETS / "icons"
DEMO_SITE = ROOT / "config" / "sites" / "berchem"
