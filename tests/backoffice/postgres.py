"""A real PostgreSQL cluster of our own for the time of the tests: fresh, on a socket in a temporary folder. Not a test.

The server refuses to run as root, so it runs as the user `postgres` when the tests do.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_FAST = "-c fsync=off -c synchronous_commit=on -c full_page_writes=off"


def binaries() -> Path:
    """Folder of the newest installed server; FileNotFoundError when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise FileNotFoundError("PostgreSQL's server is not installed: apt-get install postgresql")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


class Cluster:
    """A running server; every call of `fresh` makes an empty database and gives its URL."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._user = "postgres" if os.getuid() == 0 else getpass.getuser()

    def fresh(self) -> str:
        """URL of a new empty database."""
        self._count += 1
        name = f"zuil{self._count}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://{self._user}@/{name}?host={self._folder}"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server, and stop and remove it afterwards.

    Args:
        durable: keep the server's own flushing, for benchmarks.
    """
    folder = Path(tempfile.mkdtemp(prefix="zuil-pg-"))
    data, log = folder / "data", folder / "log"
    folder.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {'' if durable else _FAST}"
    try:
        _run("initdb", "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str) -> None:
    command = [str(binaries() / program), *arguments]
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # The server inherits what it is given; a pipe would keep the caller waiting until the server stops.
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
