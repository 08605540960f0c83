"""What several peers share: Adyen's library for Node, installed once from the lock in `adyen/`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).with_name("adyen")


@pytest.fixture(scope="session")
def adyen_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the library stands; without npm and its registry the tests that ask for it fail."""
    npm = shutil.which("npm")
    assert npm is not None, "these tests need npm and nodejs: install both packages"
    folder = tmp_path_factory.mktemp("peer")
    for file in ("package.json", "package-lock.json", ".npmrc", "peer.mjs", "rules.mjs"):
        shutil.copy(HERE / file, folder)
    words = [npm, "ci", "--omit=optional", "--prefer-offline", "--cache", str(folder / "cache")]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, f"npm could not install, is its registry reachable? {done.stderr[-500:]}"
    return folder
