"""Invitations: what stands in the QR code, what is refused, and the six digits at the back office."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.commands.column import enrol
from kiosk.commands.failures import Failed
from kiosk.commands.invitations import draw, wait_for_check
from kiosk.core.codes import new_code
from kiosk.demo.world import World
from sync.backoffice.enrolment import check_of, new_enrolment_code
from sync.client.enrolment import join
from sync.protocol.invitation import BadInvitation, Invitation, parse_invitation, thumbprint
from sync.protocol.signing import PublicKey
from tests.terminal.test_command import zuil


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as world:
        yield world


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    """The key and thumbprint of RFC 8037, appendix A.3."""
    key = PublicKey.parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "office.example"}, "no address of a back office"),
        ({"url": "https://[::1"}, "no address of a back office"),
        ({"code": "ABCD"}, "its code is not one"),
        ({"rootKeyThumbprint": "A"}, "its rootKeyThumbprint is not one"),
        ({"rootKeyThumbprint": 5}, "an invitation has url, code and rootKeyThumbprint"),
    ],
)
def test_what_is_no_invitation_is_refused(change: dict[str, object], said: str) -> None:
    good = json.loads(str(Invitation("https://office.example/", new_code(), "A" * 43)))
    assert parse_invitation(json.dumps(good)).url == "https://office.example"
    with pytest.raises(BadInvitation, match=said):
        parse_invitation(json.dumps({**good, **change}))


@given(st.text(max_size=200))
def test_any_text_is_an_invitation_or_refused(text: str) -> None:
    with pytest.raises(BadInvitation):
        parse_invitation(text)


def test_the_back_office_draws_it_and_shows_the_digits_of_the_column_that_came(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--database", f"sqlite:///{world.folder / 'backoffice.db'}", "--site", str(world.site_folder))
    picture = tmp_path / "code.png"
    drawn = zuil(
        "backoffice", "enrol-code", *where, "districtshuis", "--qr", "--url", world.sync_url, "--png", str(picture)
    )
    assert drawn.returncode == 0, drawn.stderr
    code = drawn.stdout.splitlines()[0]
    (read,) = zxingcpp.read_barcodes(Image.open(picture))
    invitation = parse_invitation(read.text)
    assert (invitation.url, invitation.code) == (world.sync_url, code)
    assert "█" in drawn.stdout
    assert check_of(world.office, code) is None
    joined = join(invitation, tmp_path / "identity", practice=True).keep()
    assert check_of(world.office, code) == ("K1", joined.check)
    assert check_of(world.office, "nonsense") is None
    with pytest.raises(Failed, match="right is https://") as refused:
        draw(lambda: invitation, "office", None, shown=True)
    assert refused.value.status == 2
    wait_for_check(lambda: check_of(world.office, code), 1)
    assert f"Compare on both screens: {joined.check}" in capsys.readouterr().out
    with pytest.raises(Failed, match="no column used the code"):
        wait_for_check(lambda: None, 0)


def test_enrolling_takes_the_text_of_the_code_too(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = new_enrolment_code(world.office, "districtshuis")
    invitation = Invitation(world.sync_url, code, thumbprint(world.office.key.public))
    settings = tmp_path / "new.toml"
    settings.write_text(f'[column]\nsite = "{world.site_folder}"\ndata = "new"\n[sync]\nurl = "{world.sync_url}"\n')
    enrol(str(invitation), config=settings)
    assert "numbers for today" in capsys.readouterr().out
    with pytest.raises(Failed, match="this is no invitation"):
        enrol("no-invitation", config=settings)
