"""A small folder of text files as bytes, the same bytes for the same folder, and back. Pure but for the folder.

Not for: large files or anything that can be run; only the kinds of files a site is made of are packed and unpacked.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path, PurePosixPath

from sync.protocol.orders import LARGEST_SNAPSHOT

SUFFIXES = (".toml", ".svg")
MOST_FILES = 1000
MOST_BYTES = 16_000_000
"""When unpacked."""


class CannotPack(ValueError):
    """A folder or a parcel that cannot be used; the text says why."""


def pack_folder(folder: Path) -> bytes:
    """The files of a folder that belong to a site; links, hidden and other files are left out.

    Raises:
        CannotPack: when it is too large or empty.
    """
    paths = [path for path in sorted(folder.rglob("*")) if _belongs(path, folder)]
    if not paths or len(paths) > MOST_FILES:
        raise CannotPack(f"{folder} holds {len(paths)} files of a site; there must be 1 to {MOST_FILES}")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz", format=tarfile.PAX_FORMAT) as archive:
        for path in paths:
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    if packed.tell() > LARGEST_SNAPSHOT:
        raise CannotPack(f"{folder} is {packed.tell()} bytes when packed; the most is {LARGEST_SNAPSHOT}")
    return packed.getvalue()


def unpack_folder(packed: bytes, folder: Path) -> None:
    """Write a parcel's files below a folder that does not exist yet. Raises OSError.

    Raises:
        CannotPack: when it is no parcel, holds anything but plain files of a site, or is too large.
    """
    folder.mkdir(parents=True)
    size = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as archive:
            for count, entry in enumerate(archive, 1):
                size += entry.size
                if count > MOST_FILES or size > MOST_BYTES:
                    raise CannotPack("the parcel is too large")
                _unpack(archive, entry, folder)
    except (tarfile.TarError, EOFError, ValueError) as error:
        if isinstance(error, CannotPack):
            raise
        raise CannotPack(f"that is no parcel of a folder ({type(error).__name__})") from error


def _unpack(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    name = PurePosixPath(entry.name)
    plain = entry.isreg() and not name.is_absolute() and ".." not in name.parts and name.suffix in SUFFIXES
    content = archive.extractfile(entry) if plain else None
    if content is None:
        raise CannotPack(f"the parcel holds {entry.name[:80]!r}, which is no plain file of a site")
    path = folder.joinpath(*name.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.read())


def _belongs(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.is_file() and not path.is_symlink() and not hidden and path.suffix in SUFFIXES
