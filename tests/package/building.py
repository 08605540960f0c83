"""Builds the package for tests, not compressed. Not a test."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILDER = ROOT / "packaging/deb/build.py"


@dataclass(frozen=True)
class Built:
    """A package.

    Attributes:
        tree: its files as they come to lie below /, and its control files in DEBIAN.
    """

    package: Path
    tree: Path
    version: str

    @property
    def home(self) -> Path:
        """The folder of this version."""
        return self.tree / "opt/zuil/versions" / self.version

    @property
    def packages(self) -> Path:
        """Where the bundled packages lie."""
        return self.home / "lib/python3.11/site-packages"


def build(folder: Path, version: str) -> Path:
    """Build a version of this tree as it stands; returns the package."""
    command = ["/usr/bin/python3", str(BUILDER), "--fast", "--version", version, "--out", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return Path(said.stdout.strip())
