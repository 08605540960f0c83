"""Reads the folder of a site, `site.toml` and one file a service, into the `Site` everything else reasons about.

Every mistake of every file is told at once. Not for: settings of one column (`config.settings`).
"""

from __future__ import annotations

from pathlib import Path

from config.catalogue import ServiceTable
from config.checked import read_table
from config.logo import read_logo
from config.problems import ConfigError, Findings
from config.site_checks import (
    ServiceFile,
    SiteFile,
    check_hints,
    check_popular,
    check_service,
    check_site,
    check_themes,
)
from config.site_tables import SiteTable
from config.toml_source import TomlSource
from kiosk.core.catalogue import Site

ICONS = Path(__file__).resolve().parent.parent / "assets" / "icons"


def load_site(folder: Path, icons: Path = ICONS) -> Site:
    """The site of a folder, checked.

    Args:
        folder: holds `site.toml` and the folder `services` with one file a service.
        icons: folder of the icons that may be named; not checked when there is no such folder.

    Returns:
        The site; its services in the order of their file names.

    Raises:
        ConfigError: with every mistake found in every file.
    """
    findings = Findings()
    site = _site_file(folder / "site.toml", findings)
    services = _service_files(folder / "services", findings)
    logo = ""
    if site is not None:
        logo = read_logo(folder, site.source, site.table.logo, findings)
        check_site(site, icons, findings)
        for service in services:
            check_service(service, site, icons, findings)
        check_popular(services, findings)
        if not findings.problems:  # a service that could not be read may be the one a theme or a hint needs
            check_themes(services, site, findings)
            check_hints(services, site, findings)
    findings.stop_if_any()
    if site is None:
        raise AssertionError("a site file that cannot be used was reported")
    return site.table.site([service.table for service in services], logo)


def _site_file(path: Path, findings: Findings) -> SiteFile | None:
    source = _source(path, findings)
    table = read_table(source, SiteTable, findings) if source else None
    return SiteFile(source, table) if source and table else None


def _service_files(folder: Path, findings: Findings) -> list[ServiceFile]:
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        findings.add(folder, 1, "there is no service", "put one file a service here, like passport.toml")
    files: list[ServiceFile] = []
    for path in paths:
        source = _source(path, findings)
        table = read_table(source, ServiceTable, findings) if source else None
        if source and table:
            files.append(ServiceFile(source, table))
    return files


def _source(path: Path, findings: Findings) -> TomlSource | None:
    try:
        return TomlSource(path)
    except ConfigError as error:
        findings.take(error)
        return None
