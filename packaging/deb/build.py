"""`make deb`: the Debian package of a column, in build/zuil_VERSION_ARCH.deb.

The same tree, lock and SOURCE_DATE_EPOCH give the same package. Not for: what of Qt goes in (`strip`), licences
(`licences`), what happens on the column when it is installed (packaging/debian).
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from licences import write_licences
from run_lock import PROJECT, ROOT, read_lock, to_run, wanted_to_run
from strip import strip_packages, strip_qt

PYTHON = "/usr/bin/python3"
"""Debian's own: the bundled environment runs with it on the column."""
OURS = ("kiosk", "drivers", "config", "sync", "assets")
PACKAGING = ROOT / "packaging"
BUILD = ROOT / "build"
COLUMN_SETTINGS = {
    ("column", "site"): "/etc/zuil/site",
    ("column", "data"): "/var/lib/zuil",
    ("log", "folder"): "/var/log/zuil",
    ("sync", "apart"): True,
}
"""What the installed settings file says other than the defaults."""


def main() -> int:
    """Build; see `--help`."""
    parser = argparse.ArgumentParser(prog="make deb", description=__doc__.splitlines()[0])
    parser.add_argument("--version", default=project_version(), help="another version than that of pyproject.toml")
    parser.add_argument("--out", type=Path, default=BUILD, help="folder for the package (build)")
    parser.add_argument("--fast", action="store_true", help="not compressed, for tests")
    given = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", last_commit())
    os.umask(0o022)
    print(build(given.version, given.out, fast=given.fast))
    return 0


def build(version: str, out: Path, *, fast: bool) -> Path:
    """Build one version; returns the package."""
    tree = BUILD / "deb" / f"tree-{version}"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / "opt/zuil/versions" / version
    make_environment(home, fetch_wheels())
    site = home / "lib/python3.11/site-packages"
    strip_qt(site / "PySide6")
    strip_packages(site)
    add_program(home, version)
    add_files(tree, home)
    write_licences(site, tree / "usr/share/doc/zuil", ROOT)
    compile_all(home, tree)
    package = pack(tree, version, out, fast=fast)
    shutil.rmtree(tree)
    return package


def project_version() -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])


def last_commit() -> str:
    """Unix time of the last commit; nothing in the package is newer."""
    return _run("git", "-C", str(ROOT), "log", "-1", "--format=%ct").strip()


def fetch_wheels() -> list[Path]:
    """The wheels of everything a column runs with, by the hashes of the lock; built where there are none."""
    wanted = "".join(pin.text for pin in to_run(read_lock(), wanted_to_run()))
    store = BUILD / "deb" / "wheels" / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        # A folder of this process: somebody else may be building beside it.
        new = Path(tempfile.mkdtemp(dir=store.parent))
        (new / "requirements.txt").write_text(wanted)
        # Debian's headers and flags, whatever other Python this machine has.
        pip = [str(_tools()), "wheel", "--require-hashes", "--no-deps", "--no-build-isolation", "--wheel-dir", str(new)]
        _run(*pip, "--requirement", str(new / "requirements.txt"))
        with contextlib.suppress(OSError):  # the other one was first, with the same wheels
            new.rename(store)
    return sorted(store.glob("*.whl"))


def make_environment(home: Path, wheels: list[Path]) -> None:
    """A virtual environment that belongs to Debian's Python and names no path of this machine."""
    _run(PYTHON, "-m", "venv", "--without-pip", "--symlinks", str(home))
    python = home / "bin/python3"
    options = ("--no-deps", "--no-index", "--no-compile", "--no-warn-script-location", "--root-user-action=ignore")
    _run(str(_tools()), "--python", str(python), "install", *options, *map(str, wheels))
    for path in (home / "bin").iterdir():
        if not path.is_symlink():
            path.unlink()
    shutil.rmtree(home / "include", ignore_errors=True)
    shutil.rmtree(home / "share", ignore_errors=True)
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")


def add_program(home: Path, version: str) -> None:
    """Our own code and assets, and the line that lets Python find them."""
    for path in _run("git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", *OURS).splitlines():
        target = home / "app" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    about = home / "app/kiosk/__init__.py"
    about.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{version}"', about.read_text()))
    (home / "lib/python3.11/site-packages/zuil.pth").write_text("../../../app\n")


def add_files(tree: Path, home: Path) -> None:
    """Units, rules, settings, the notice, documents."""
    shutil.copytree(PACKAGING / "files", tree, dirs_exist_ok=True)
    documents = tree / "usr/share/doc/zuil"
    documents.mkdir(parents=True)
    shutil.copyfile(ROOT / "docs/install.md", documents / "install.md")
    log = f"zuil ({home.name}) stable; urgency=medium\n\n  * As in the project's history.\n\n"
    log += f" -- The authors of Zuil <zuil@localhost>  {_run('date', '-uRd', '@' + os.environ['SOURCE_DATE_EPOCH'])}"
    (documents / "changelog.gz").write_bytes(gzip.compress(log.encode(), mtime=0))
    python = (str(home / "bin/python3"), "-I", "-B")
    _run(*python, "-m", "kiosk.documents.notice", str(tree / "usr/share/zuil"))
    example = _run(
        *python, "-c", "from config.settings_pages import settings_example; print(settings_example(), end='')"
    )
    (tree / "etc/zuil/zuil.toml").write_text(column_settings(example))


def column_settings(example: str) -> str:
    """The settings file of an installed column: the example, with the few lines that are other than the defaults."""
    table, lines, set_ = "", [], set()
    for line in example.splitlines():
        table = line.strip("[]") if line.startswith("[") else table
        key = line.removeprefix("# ").partition(" = ")[0]
        if line.startswith("# ") and (table, key) in COLUMN_SETTINGS:
            value = COLUMN_SETTINGS[table, key]
            line = f"{key} = {str(value).lower() if isinstance(value, bool) else chr(34) + str(value) + chr(34)}"
            set_.add((table, key))
        lines.append(line)
    if set_ != set(COLUMN_SETTINGS):
        raise LookupError(f"settings without a line in the example: {set(COLUMN_SETTINGS) - set_}")
    return "\n".join(lines) + "\n"


def compile_all(home: Path, tree: Path) -> None:
    """Bytecode beside every source, valid whatever the times of the files: nobody may write there later."""
    for folder in sorted(home.rglob("__pycache__")):
        shutil.rmtree(folder)
    quiet = ("-q", "-j", "0", "--invalidation-mode", "unchecked-hash")
    _run(str(home / "bin/python3"), "-I", "-B", "-m", "compileall", "-f", *quiet, "-s", str(tree), "-p", "/", str(home))


def pack(tree: Path, version: str, out: Path, *, fast: bool) -> Path:
    """Control files and the package itself."""
    control = tree / "DEBIAN"
    control.mkdir()
    architecture = _run("dpkg", "--print-architecture").strip()
    size = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    facts = {"version": version, "architecture": architecture, "size": size, "depends": ", ".join(depends())}
    (control / "control").write_text((PACKAGING / "debian/control.in").read_text().format(**facts))
    shutil.copyfile(PACKAGING / "debian/conffiles", control / "conffiles")
    for name in ("postinst", "prerm", "postrm"):
        text = (PACKAGING / "debian" / name).read_text().replace("@VERSION@", version)
        (control / name).write_text(text)
        (control / name).chmod(0o755)
    (control / "md5sums").write_text(_sums(tree))
    _tidy_modes(tree)
    package = out / f"zuil_{version}_{architecture}.deb"
    out.mkdir(parents=True, exist_ok=True)
    how = ("-Znone",) if fast else ("-Zxz", "-z6")
    _run("dpkg-deb", "--root-owner-group", *how, "--build", str(tree), str(package))
    return package


def depends() -> list[str]:
    """What the package needs: Debian's Python, and the lists the project installs from itself."""
    lists = ((PACKAGING / each).read_text().splitlines() for each in ("apt-run.txt", "apt-column.txt"))
    names = [line.split()[0] for each in lists for line in each if line]
    return ["python3 (>= 3.11~)", "python3 (<< 3.12)", *names]


def _tools() -> Path:
    """pip under Debian's Python, with what builds the few packages that come as source."""
    pip = BUILD / "deb/tools/bin/pip"
    if not pip.exists():
        _run(PYTHON, "-m", "venv", str(pip.parents[1]))
        _run(str(pip), "install", "--require-hashes", "-r", str(PACKAGING / "requirements-build.lock"))
    return pip


def _sums(tree: Path) -> str:
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    ours = [path for path in files if "DEBIAN" not in path.relative_to(tree).parts[:1]]
    sums = ((hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest(), path) for path in ours)
    return "".join(f"{value}  {path.relative_to(tree)}\n" for value, path in sums)


def _tidy_modes(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        runs = (
            path.is_dir()
            or path.parent.name in ("bin", "libexec")
            or (path.parent == tree / "DEBIAN" and path.suffix == "")
        )
        if path.is_dir() or (runs and path.stat().st_mode & 0o100):
            path.chmod(0o755)
        else:
            path.chmod(0o644)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
