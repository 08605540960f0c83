"""The municipality's logo: what is taken, and what is said of every other file."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.logo import LARGEST
from config.problems import ConfigError
from config.site import load_site
from tests.config.small_site import SITE, line_of, write_site

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
LOGO = f'{HEAD}<defs><linearGradient id="a"/></defs><rect width="40" height="20" fill="url(#a)"/></svg>'
NAMED = SITE.replace('mark = "S"', 'mark = "S"\nlogo = "logo.svg"')


def site_with(folder: Path, logo: str | None, site: str = NAMED) -> Path:
    """A small town that names a logo; without the file when `logo` is None."""
    town = write_site(folder, site)
    if logo is not None:
        (town / "logo.svg").write_text(logo)
    return town


def test_a_drawing_that_stands_alone_is_taken_as_it_is(tmp_path: Path) -> None:
    assert load_site(site_with(tmp_path, LOGO), tmp_path / "icons").logo == LOGO


def test_without_a_name_there_is_none(tmp_path: Path) -> None:
    assert load_site(site_with(tmp_path, LOGO, SITE), tmp_path / "icons").logo == ""


@pytest.mark.parametrize(
    ("logo", "found"),
    [
        (None, "cannot be read"),
        ("", "is no SVG"),
        ("<svg", "is no SVG"),
        ('<html xmlns="http://www.w3.org/1999/xhtml" viewBox="0 0 1 1"/>', "is no SVG with a viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "is no SVG with a viewBox"),
        (f'<!DOCTYPE svg [<!ENTITY a "a">]>{LOGO}', "has '<!DOCTYPE'"),
        (f"{HEAD}<script/></svg>", "has '<script'"),
        (f"{HEAD}<text>Stad</text></svg>", "has '<text'"),
        (f'{HEAD}<image href="data:,"/></svg>', "has '<image'"),
        (f'{HEAD}<use href="other.svg#a"/></svg>', "has 'href=\"'"),
        (f'{HEAD}<rect fill="url(http://other.example/a)"/></svg>', "has 'url('"),
        (HEAD + " " * LARGEST + "</svg>", "bytes"),
    ],
)
def test_anything_else_is_named_with_its_line(tmp_path: Path, logo: str | None, found: str) -> None:
    town = site_with(tmp_path, logo)
    with pytest.raises(ConfigError) as error:
        load_site(town, tmp_path / "icons")
    [problem] = error.value.problems
    assert found in problem.found
    assert problem.line == line_of(NAMED, "logo =")


@pytest.mark.parametrize("name", ["../logo.svg", "logo.png", "", "/etc/logo.svg"])
def test_only_a_file_beside_the_site_can_be_named(tmp_path: Path, name: str) -> None:
    town = site_with(tmp_path, LOGO, NAMED.replace("logo.svg", name))
    with pytest.raises(ConfigError, match="no name of a logo"):
        load_site(town, tmp_path / "icons")
