"""The way to the back office by a town's own authority and a proxy: real TLS, a real forward proxy, every caller."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.column import load_column
from config.settings import Settings
from config.texts import load_texts
from kiosk.app import Kiosk, column_clock, open_link, sync_client
from kiosk.attest_link import AttestLink
from kiosk.commands.column import enrol as enrol_command
from kiosk.commands.failures import Failed
from kiosk.demo.world import World
from kiosk.paths import TRANSLATIONS
from kiosk.route import route_of
from kiosk.setup.draft import Draft
from kiosk.setup.found import Found
from kiosk.setup.machine_bench import MachineBench
from kiosk.store.store import open_store
from sync.backoffice.enrolment import new_enrolment_code
from sync.client.enrolment import EnrolmentFailed
from sync.client.identity import load_identity
from sync.client.route import DIRECT, Route, ca_problem
from sync.client.transport import Answer, Failure, HttpTransport, NoAnswer
from sync.protocol.invitation import Invitation
from tests.doctor.test_network import authority
from tests.sync_client.test_sync_transport import answer, says, serving
from tests.sync_client.ways import Seen, forward_proxy, tls_door

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """An authority of the town's own, and a server it vouches for."""
    return authority(tmp_path_factory.mktemp("authority"), days=100)


def posted(url: str, route: Route) -> Answer | NoAnswer:
    """One request on that way."""
    http = route.open()
    try:
        return http.post(url, b"{}")
    finally:
        http.close()


# --- the transport ---------------------------------------------------------------------------------------------------


def test_a_towns_own_authority_is_believed_where_it_is_set_and_only_there(
    own: tuple[Path, ssl.SSLContext], tmp_path: Path
) -> None:
    ca, context = own
    with serving(says(answer(b"{}"))) as (url, _), tls_door(int(url.rpartition(":")[2]), context) as door:
        secure = f"https://127.0.0.1:{door.port}"
        stranger = posted(secure, DIRECT)
        assert isinstance(stranger, NoAnswer)
        assert stranger.failure is Failure.TLS
        assert "its authority is not known; write the PEM file of a town's own authority under sync.ca" in (
            stranger.detail
        )
        other, _ = authority(tmp_path, days=100)
        wrong = posted(secure, Route(other))
        assert isinstance(wrong, NoAnswer)
        assert "the authority under sync.ca did not issue it" in wrong.detail
        assert isinstance(posted(secure, Route(ca)), Answer)


@pytest.mark.parametrize(
    ("content", "said"), [(None, "No such file or directory; under sync.ca"), (b"no PEM", "holds no certificate")]
)
def test_a_file_that_is_no_authority_is_told_with_what_would_be_right(
    own: tuple[Path, ssl.SSLContext], tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "town.pem"
    if content is not None:
        file.write_bytes(content)
    assert said in str(ca_problem(file))
    assert ca_problem(own[0]) is None
    with tls_door(1, own[1]) as door:
        got = posted(f"https://127.0.0.1:{door.port}", Route(file))
    assert isinstance(got, NoAnswer)
    assert got.failure is Failure.TLS
    assert said in got.detail


def test_every_request_goes_through_the_proxy_that_is_set(own: tuple[Path, ssl.SSLContext]) -> None:
    ca, context = own
    with forward_proxy() as proxy, serving(*[says(answer(b"{}"))] * 2) as (url, heard):
        assert isinstance(posted(f"{url}/sync", Route(proxy=proxy.url)), Answer)
        with tls_door(int(url.rpartition(":")[2]), context) as door:
            assert isinstance(posted(f"https://127.0.0.1:{door.port}/sync", Route(ca, proxy.url)), Answer)
    assert proxy.requests == [f"POST {url}/sync HTTP/1.1", f"CONNECT 127.0.0.1:{door.port} HTTP/1.0"]
    assert all(request.startswith(b"POST /sync") for request in heard)


def test_control_without_the_setting_the_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with forward_proxy() as proxy, serving(says(answer(b"{}"))) as (url, _):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert isinstance(posted(url, DIRECT), Answer)
    assert proxy.requests == []


def test_a_proxy_that_lets_nobody_through_or_is_not_there_is_told(own: tuple[Path, ssl.SSLContext]) -> None:
    with forward_proxy(refuses="403 Forbidden") as proxy:
        refused = posted("https://127.0.0.1:1", Route(own[0], proxy.url))
    assert isinstance(refused, NoAnswer)
    assert refused.failure is Failure.UNREACHABLE
    assert "403 Forbidden" in refused.detail
    gone = posted("https://127.0.0.1:1", Route(own[0], proxy.url))
    assert isinstance(gone, NoAnswer)
    assert gone.failure is Failure.UNREACHABLE


def test_a_request_through_a_proxy_can_be_cut_off() -> None:
    """Else a column that stops would wait for a proxy that holds its request."""
    asked, over = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        asked.set()
        over.wait(20)

    results: list[Answer | NoAnswer] = []
    with serving(hold) as (url, _), forward_proxy() as proxy:
        http = Route(proxy=proxy.url).open()
        poster = threading.Thread(target=lambda: results.append(http.post(url, b"{}")))
        poster.start()
        assert asked.wait(20)
        http.close()
        poster.join(5)
        cut_off = not poster.is_alive()
        over.set()
        poster.join(20)
    assert cut_off
    assert isinstance(results[0], NoAnswer)


# --- every way the column talks to its back office -------------------------------------------------------------------


@dataclass
class Town:
    """A back office behind a proxy and an authority of its own."""

    world: World
    door: Seen
    proxy: Seen
    ca: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.door.port}"

    @property
    def route(self) -> Route:
        return Route(self.ca, self.proxy.url)

    def code(self) -> str:
        return new_enrolment_code(self.world.office, "districtshuis")

    def settings(self, folder: Path, *, ca: bool = True) -> Path:
        file = folder / "zuil.toml"
        own = f'ca = "{self.ca}"\n' if ca else ""
        file.write_text(
            f'[column]\nsite = "{self.world.site_folder}"\n'
            f'[sync]\nurl = "{self.url}"\n{own}proxy = "{self.proxy.url}"\n'
        )
        return file


@pytest.fixture
def town(tmp_path: Path, own: tuple[Path, ssl.SSLContext]) -> Iterator[Town]:
    ca, context = own
    with (
        World(tmp_path / "world") as world,
        tls_door(world.server.port, context) as door,
        forward_proxy() as proxy,
    ):
        yield Town(world, door, proxy, ca)


def test_a_column_enrols_and_syncs_through_both_and_without_the_authority_it_does_not(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = town.code()
    with pytest.raises(Failed, match=r"its authority is not known; write the PEM file .* under sync\.ca"):
        enrol_command(town.url, code, config=town.settings(tmp_path, ca=False))
    before = len(town.proxy.requests)
    file = town.settings(tmp_path)
    enrol_command(town.url, code, config=file)
    assert "numbers for today" in capsys.readouterr().out
    asked = town.proxy.requests[before:]
    assert len(asked) >= 2, "the enrolment, and the numbers after it"
    assert set(asked) == {f"CONNECT 127.0.0.1:{town.door.port} HTTP/1.0"}
    assert Kiosk(load_column(file), load_texts(TRANSLATIONS)).fetch_numbers() > 0


def test_setting_up_joins_through_both(town: Town, tmp_path: Path) -> None:
    before = len(town.proxy.requests)
    invitation = Invitation(town.url, town.code())
    with pytest.raises(EnrolmentFailed, match=r"under sync\.ca"):
        MachineBench().join(invitation, tmp_path / "identity", practice=True, route=Route(proxy=town.proxy.url))
    joined = MachineBench().join(invitation, tmp_path / "identity", practice=True, route=town.route)
    assert joined.identity.check
    assert len(town.proxy.requests) == before + 2


def test_a_draft_says_what_is_wrong_with_an_authority(own: tuple[Path, ssl.SSLContext], tmp_path: Path) -> None:
    draft = Draft.begin(tmp_path / "zuil.toml", Found())
    assert draft.problem(("sync", "ca"), str(own[0])) is None
    assert "No such file" in str(draft.problem(("sync", "ca"), "town.pem"))
    assert "is no proxy" in str(draft.problem(("sync", "proxy"), "proxy:3128"))


def test_files_and_registers_go_through_both(town: Town, tmp_path: Path) -> None:
    file = town.settings(tmp_path)
    enrol_command(town.url, town.code(), config=file)
    config = load_column(file)
    identity = load_identity(config.settings.column.data / "identity")

    def now() -> datetime:
        return datetime.now(UTC)

    link = AttestLink(identity, town.url, "https://public.example", now, route_of(config.settings))
    before = len(town.proxy.requests)
    assert str(link.offer(b"%PDF-1.7", "nl")).startswith("https://public.example/take/")
    assert len(town.proxy.requests) == before + 1
    direct = AttestLink(identity, town.url, "https://public.example", now)
    assert direct.offer(b"%PDF-1.7", "nl") is None, "its authority is not known"


def test_every_part_of_the_program_takes_its_way_from_the_settings(town: Town, tmp_path: Path) -> None:
    config = load_column(town.settings(tmp_path))
    enrol_command(town.url, town.code(), config=tmp_path / "zuil.toml")
    identity = load_identity(config.settings.column.data / "identity")
    clock = column_clock(config)
    store = open_store(config.settings.column.data / "kiosk.db", identity.column, clock)
    client = sync_client(config, store, identity, clock, dict)
    try:
        assert route_of(config.settings) == town.route
        assert client._route == town.route
        assert open_link(identity, config.settings, store.now)._route == town.route
    finally:
        client.stop()
        store.close()
    made = {
        str(path.relative_to(ROOT))
        for folder in ("kiosk", "sync/client")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"(?<!class )\bHttpTransport\(", path.read_text())
    }
    assert made == {"sync/client/route.py"}, "a transport made anywhere else would not know the way"


def test_nothing_set_goes_directly() -> None:
    assert route_of(Settings()) == DIRECT
    http = DIRECT.open()
    assert isinstance(http, HttpTransport)
    http.close()
