"""The package, built once for all tests of it."""

from __future__ import annotations

import subprocess

import pytest

from tests.package.building import Built, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The package and what is in it, unpacked."""
    folder = tmp_path_factory.mktemp("package")
    package = build(folder, "9.8.7")
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(folder / "tree")], check=True)
    return Built(package, folder / "tree", "9.8.7")
