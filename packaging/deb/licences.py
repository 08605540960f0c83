"""What the package says about licences: the text of every bundled package, the file `copyright`, the source offer.

Not for: choosing licences; a bundled package that names none stops the build.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from run_lock import plain

_TEXTS = ("*licen[cs]e*", "*LICEN[CS]E*", "*COPYING*", "*NOTICE*", "*Copying*", "*AUTHORS*")
_LGPL = {"pyside6-essentials", "shiboken6"}
_COMMON = {
    "pyside6-essentials": "LGPL-3",
    "shiboken6": "LGPL-3",
    "pyserial": "BSD",
}
"""Packages without a licence text of their own, and the text of Debian's /usr/share/common-licenses that applies."""

HEAD = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: zuil
Comment: Everything under /opt/zuil is bundled: the program, and the packages it was tested with. Each bundled package
 is named below; the full text of its licence lies in /usr/share/doc/zuil/licences/NAME, or in Debian's
 /usr/share/common-licenses where that is said. Qt and Qt for Python are used under the LGPL, version 3: they are
 separate files that may be replaced, and their source is offered in /usr/share/doc/zuil/SOURCE-OFFER.
 Parts of Qt that are licensed under the GPL alone are not in this package.

Files: *
Copyright: The authors of Zuil
License: EUPL-1.2
 The full text lies in /usr/share/doc/zuil/licences/zuil/LICENSE.

Files: /opt/zuil/versions/*/app/assets/fonts/*
Copyright: The Atkinson Hyperlegible Next Project Authors
License: OFL-1.1
 The full text lies in /usr/share/doc/zuil/licences/fonts/OFL.txt.

Files: /opt/zuil/versions/*/app/assets/icons/*
Copyright: Phosphor Icons
License: MIT
 The full text lies in /usr/share/doc/zuil/licences/icons/LICENSE.

Files: /opt/zuil/versions/*/app/sync/backoffice/pages/static/vendor/*
Copyright: The authors of jsQR
License: Apache-2.0
 The full text lies in /usr/share/doc/zuil/licences/jsQR/LICENSE.
"""

_OURS = {
    "zuil/LICENSE": "LICENSE",
    "fonts/OFL.txt": "assets/fonts/OFL.txt",
    "icons/LICENSE": "assets/icons/LICENSE",
    "jsQR/LICENSE": "sync/backoffice/pages/static/vendor/jsQR.LICENSE.txt",
}

OFFER = """\
Offer of source code
====================

This package bundles, in binary form, the following libraries under the GNU Lesser General Public License, version 3,
or with conditions like it on source code:

{names}

For at least three years after you received this package, and for as long as we give support for it, whoever gave you
this package will give anybody who asks the complete corresponding source code of these libraries, in the versions
named here, on a durable medium, for no more than the cost of doing so. Ask the organisation from which you have the
column or this package, and name this file and the versions. The same source code is published by the projects
themselves under these names and versions; they were taken unchanged, and parts were only left out.

You may replace these libraries by versions of your own: they are ordinary files below
/opt/zuil/versions/VERSION/lib/python3.11/site-packages, loaded at run time, and nothing checks or prevents it.
The source of Zuil itself is offered in the same way, under the EUPL 1.2.
"""


class NoLicence(Exception):
    """A bundled package says nothing about its licence."""


@dataclass(frozen=True)
class Bundled:
    """One bundled package as its metadata tell of it."""

    name: str
    version: str
    authors: str
    licence: str


def write_licences(site: Path, documents: Path, root: Path) -> None:
    """Write texts, `copyright` and `SOURCE-OFFER`.

    Args:
        site: folder with the bundled packages.
        documents: /usr/share/doc/zuil of the package.
        root: our own source tree.
    """
    bundled = [_read(folder) for folder in sorted(site.glob("*.dist-info"), key=lambda each: each.name.lower())]
    for folder, package in zip(
        sorted(site.glob("*.dist-info"), key=lambda each: each.name.lower()), bundled, strict=True
    ):
        _copy_texts(folder, documents / "licences" / package.name, package.name)
    for target, source in _OURS.items():
        (documents / "licences" / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / source, documents / "licences" / target)
    (documents / "copyright").write_text(HEAD + "".join(_paragraph(package) for package in bundled), encoding="utf-8")
    offered = [package for package in bundled if package.name in _LGPL or "GPL" in package.licence]
    names = "\n".join(f"* {package.name} {package.version} ({package.licence})" for package in offered)
    (documents / "SOURCE-OFFER").write_text(OFFER.format(names=names), encoding="utf-8")


def _read(folder: Path) -> Bundled:
    told = HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
    name = plain(told["Name"])
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    stated = told["License-Expression"] or "; ".join(classified) or (told["License"] or "").splitlines()[:1]
    licence = stated if isinstance(stated, str) else "".join(stated)
    if not licence.strip():
        raise NoLicence(f"{name} names no licence in its metadata")
    authors = told["Author"] or told["Author-email"] or told["Maintainer"] or f"the authors of {told['Name']}"
    return Bundled(name, told["Version"], " ".join(authors.split()), " ".join(licence.split()))


def _copy_texts(folder: Path, target: Path, name: str) -> None:
    texts = {path for pattern in _TEXTS for path in folder.rglob(pattern) if path.is_file()}
    if not texts and name not in _COMMON:
        raise NoLicence(f"{name} carries no text of its licence; name it in packaging/deb/licences.py")
    for path in sorted(texts):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / path.relative_to(folder).as_posix().replace("/", "_"))


def _paragraph(package: Bundled) -> str:
    where = f"/usr/share/doc/zuil/licences/{package.name}"
    if package.name in _COMMON:
        where = f"/usr/share/common-licenses/{_COMMON[package.name]}"
    folder = package.name.replace("-", "_")
    short = "".join(letter if letter.isalnum() or letter in ".+-" else "-" for letter in package.licence)
    return (
        f"\nFiles: /opt/zuil/versions/*/lib/python3.11/site-packages/{folder}*\n"
        f"Copyright: {package.authors}\n"
        f"License: {short}-{package.name}\n"
        f" {package.name} {package.version}, {package.licence}. Text: {where}.\n"
    )
