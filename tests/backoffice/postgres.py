"""A real PostgreSQL cluster of our own for the time of the tests: fresh, on a socket in a temporary folder. Not a test.

The server refuses to run as root, so it runs as the user `postgres` when the tests do.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_FAST = ["-c", "fsync=off", "-c", "full_page_writes=off"]
_AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
_SECONDS = 60


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

    def wait(self, seconds: float) -> None:
        """Until the server answers; OperationalError when it does not in time."""
        until = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self._url("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

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
    folder.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", *([] if durable else _FAST)]
    try:
        initdb = _command("initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        subprocess.run(initdb, check=True, cwd="/", stdout=subprocess.DEVNULL)
        # The shell ends the server when our end of the pipe closes: also when this process is killed.
        keeper = _shell(
            '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server', "postgres", "-D", data, *options
        )
        quiet = subprocess.DEVNULL
        with subprocess.Popen(keeper, cwd="/", stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as process:
            running = Cluster(folder)
            running.wait(_SECONDS)
            yield running
            process.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(program: str, *arguments: str) -> list[str]:
    return [*_AS_POSTGRES, str(binaries() / program), *arguments]


def _shell(script: str, program: str, *arguments: str) -> list[str]:
    return [*_AS_POSTGRES, "sh", "-c", script, "sh", str(binaries() / program), *arguments]
