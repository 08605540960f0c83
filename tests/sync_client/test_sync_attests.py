"""A column gets certificates and sealing keys and offers downloads: the real client against the real back office."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey
from kiosk.documents.seal.trust import load_trust
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.downloads import fetch_once
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.sealing_keys import add_sealing_key, make_sealing_key
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.trust import trust_list
from sync.client.answers import Defect, NotOurServer, Refused, ServerTrouble, TryLater, Unreachable
from sync.client.asking import Asker
from sync.client.certificates import AUTHORITY_FILE, Certified, Certifier
from sync.client.client import SyncClient
from sync.client.downloads import LARGEST, Offer, offer_download
from sync.client.enrolment import enrol
from sync.client.identity import Identity, load_identity
from sync.client.sealing_keys import SEALING_FILE, keep_sealing_keys, load_sealing_key
from sync.client.transport import Answer, Failure, HttpTransport, NoAnswer
from sync.protocol.canonical import b64url, canonical, unb64url
from sync.protocol.messages import problem_type
from sync.protocol.sealing import OpeningKey
from sync.protocol.signing import UPDATES, SigningKey
from tests.backoffice.sites import SITE
from tests.store.columns import START, TODAY, Hands, open_at
from tests.sync_client.reference_server import problem

Change = Callable[[str, Answer], Answer | NoAnswer]


@dataclass
class Cable:
    """The real way to the back office, with a hand on the answers.

    Attributes:
        change: what is done to each answer.
        asked: addresses and bodies that were sent.
    """

    change: Change | None = None
    line: HttpTransport = field(default_factory=HttpTransport)
    asked: list[tuple[str, bytes]] = field(default_factory=list)

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """See `Transport`."""
        self.asked.append((url, body))
        answer = self.line.post(url, body)
        return self.change(url, answer) if self.change is not None and isinstance(answer, Answer) else answer

    def close(self) -> None:
        """See `Transport`."""
        self.line.close()


@dataclass
class Town:
    """One back office, one column, one clock for both."""

    server: BackOfficeServer
    clock: Hands
    folder: Path
    cable: Cable = field(default_factory=Cable)

    @property
    def office(self) -> BackOffice:
        """The back office from the inside."""
        return self.server.office

    @property
    def identity(self) -> Identity:
        """Who the column is."""
        return load_identity(self.folder)

    def join(self) -> None:
        """Enrol the column (again)."""
        enrol(self.server.url, new_enrolment_code(self.office, "hall"), self.folder, practice=self.office.site.practice)

    def asker(self) -> Asker:
        """A fresh asker."""
        return Asker(self.identity, self.cable, self.server.url, self.clock.now)

    def certifier(self) -> Certifier:
        """A fresh certifier, as after a restart."""
        return Certifier(self.asker(), self.folder)

    def key(self) -> FileAttestKey:
        """The key in use."""
        return FileAttestKey.load(self.folder / "attest")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A column that has just joined."""
    clock = Hands()
    app = create_app(
        f"sqlite:///{tmp_path / 'backoffice.db'}", SITE, clock=lambda: int(clock.moment.timestamp() * 1000)
    )
    with BackOfficeServer(app) as running:
        made = Town(running, clock, tmp_path / "identity")
        made.join()
        yield made
        made.cable.close()


def _changed(**members: object) -> Change:
    """An answer with other members, under the signature it had."""
    return lambda _url, answer: Answer(200, json.dumps({**json.loads(answer.body), **members}).encode())


def _signed(town: Town, key: SigningKey | None = None, **members: object) -> Change:
    """An answer with other members, signed again."""

    def change(_url: str, answer: Answer) -> Answer:
        told = {**json.loads(answer.body), **members}
        return Answer(200, canonical((key or town.office.key).sign_object("kiosk-certificate-v1", told)))

    return change


def test_a_new_column_gets_a_certificate_the_verifier_knows(town: Town) -> None:
    with pytest.raises(NoAttestKey):
        town.key()
    outcome = town.certifier().step()
    assert outcome == Certified(START + timedelta(days=60))
    trust = load_trust(canonical(trust_list(town.office)), pinned=town.identity.backoffice)
    assert trust.issuer(town.key().kid) is not None
    assert (town.folder / AUTHORITY_FILE).read_bytes() == trust.authorities[0] == town.key().chain[-1]


def test_nothing_is_asked_while_more_than_a_third_of_the_life_is_left(town: Town) -> None:
    town.certifier().step()
    first = town.key().kid
    town.cable.asked.clear()
    town.clock.turn(39 * 86_400)
    assert town.certifier().step() is None
    assert town.cable.asked == []
    town.clock.turn(2 * 86_400)
    assert isinstance(town.certifier().step(), Certified)
    assert town.key().kid != first


@pytest.mark.parametrize("kept", [True, False], ids=["again", "control"])
def test_a_lost_answer_is_asked_again_with_the_same_key(town: Town, kept: bool) -> None:
    town.cable.change = lambda _url, _answer: NoAnswer(Failure.TIME_OUT)
    certifier = town.certifier()
    assert isinstance(certifier.step(), Unreachable)
    town.cable.change = None
    certifier = certifier if kept else town.certifier()
    assert isinstance(certifier.step(), Certified)
    issuers = trust_list(town.office)["issuers"]
    assert isinstance(issuers, list)
    assert len(issuers) == (1 if kept else 2)


FORGERIES: dict[str, Callable[[Town], Change]] = {
    "another nonce": lambda town: _signed(town, nonce="m" * 16),
    "another column": lambda town: _signed(town, source="urn:uuid:kiosk-2"),
    "not signed": lambda _town: _changed(chain=[]),
    "another key": lambda town: _signed(town, key=SigningKey(b"\x55" * 32)),
    "no chain": lambda town: _signed(town, chain=[]),
    "no certificate": lambda town: _signed(town, certificate="AAAA"),
    "no base64url": lambda town: _signed(town, certificate="!"),
    "another shape": lambda town: _signed(town, chain="none"),
    "a portal": lambda _town: lambda _url, _answer: Answer(200, b"<html>"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_no_answer_to_us_is_not_installed(town: Town, forgery: str) -> None:
    town.cable.change = FORGERIES[forgery](town)
    assert isinstance(town.certifier().step(), NotOurServer)
    with pytest.raises(NoAttestKey):
        town.key()
    assert not (town.folder / AUTHORITY_FILE).exists()


def test_a_certificate_of_another_key_or_another_name_is_not_installed(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Town(town.server, town.clock, tmp_path / "other")
    other.join()
    other.certifier().step()
    other.cable.close()
    foreign = other.key().certificate
    town.cable.change = _signed(town, certificate=b64url(foreign))
    assert isinstance(town.certifier().step(), NotOurServer)
    with pytest.raises(NoAttestKey):
        town.key()
    certifier = town.certifier()
    monkeypatch.setattr(certifier, "_is_ours", lambda _certificate: True)
    assert isinstance(certifier.step(), NotOurServer), "the key is looked at as well as the name"


def test_a_column_that_joins_again_gets_a_key_under_its_new_name(town: Town) -> None:
    town.certifier().step()
    first = town.key().kid
    town.join()
    assert isinstance(town.certifier().step(), Certified)
    assert town.key().kid != first


def test_a_key_that_is_damaged_is_replaced(town: Town) -> None:
    town.certifier().step()
    (town.folder / "attest" / town.key().kid.hex() / "attest.pem").write_bytes(b"\0" * 100)
    assert isinstance(town.certifier().step(), Certified)
    assert town.key().chain


def test_only_the_clock_was_off(town: Town) -> None:
    slow = Asker(town.identity, town.cable, town.server.url, lambda: START - timedelta(hours=5))
    assert isinstance(Certifier(slow, town.folder).step(), Certified)
    assert len(town.cable.asked) == 2


def test_a_revoked_column_is_refused(town: Town) -> None:
    revoke_kiosk(town.office, town.identity.column.kiosk_id)
    assert town.certifier().step() == Refused("kioskRevoked")


@pytest.mark.expects_log("zuil.sync")
def test_a_disk_that_takes_nothing_is_no_exception(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.documents.seal.keys.make_request", full)
    assert town.certifier().step() == Defect("attestKeyNotKept")


# --- in the loop ---------------------------------------------------------------------------------------------------


@pytest.fixture
def client(town: Town, tmp_path: Path) -> Iterator[SyncClient]:
    """The sync client of the column."""
    identity = town.identity
    store = open_at(tmp_path / "kiosk.db", identity.column, town.clock)
    made = SyncClient(store, identity, town.server.url, queues=("travel",), today=lambda: TODAY, transport=town.cable)
    yield made
    assert made.stop()
    store.close()


def _asked(town: Town) -> list[str]:
    return [url.rpartition("/")[2] for url, _ in town.cable.asked]


def test_the_first_tick_brings_numbers_keys_and_a_certificate(town: Town, client: SyncClient, tmp_path: Path) -> None:
    kid = make_sealing_key(town.office, tmp_path / "sealing.key")
    client.loop().tick()
    assert client.online
    assert town.key().valid_to == START + timedelta(days=60)
    sealing = load_sealing_key(town.folder, town.clock.now())
    assert sealing is not None
    assert sealing.id == kid
    assert _asked(town) == ["updates", "certificates"]


@pytest.mark.parametrize(
    "answer",
    [
        problem(404, "urn:problem-type:belgif:resourceNotFound"),
        Answer(404, b"<html>an old back office</html>"),
        Answer(500, b""),
        Answer(429, b"", "40"),
        problem(400, problem_type("new")),
    ],
    ids=["no attests", "no such address", "broken", "busy", "not understood"],
)
def test_trouble_with_certificates_never_spoils_tickets(town: Town, client: SyncClient, answer: Answer) -> None:
    town.cable.change = lambda url, real: answer if url.endswith("certificates") else real
    for _ in range(10):
        client.loop().tick()
    assert client.online
    assert client.alarm is None
    assert _asked(town).count("certificates") == 1


@pytest.mark.expects_log("zuil.sync")
def test_without_a_way_nothing_is_asked_for_and_no_tick_follows_at_once(town: Town, client: SyncClient) -> None:
    town.cable.change = lambda _url, _answer: NoAnswer(Failure.UNREACHABLE)
    client.loop().tick()
    assert _asked(town) == ["updates"]
    assert client.loop()._certificate.due <= client.loop()._pace.monotonic(), "it is due, and waits for the way"
    town.cable.asked.clear()
    town.cable.change = None
    client.loop()._update.due = 0.0
    client.loop().tick()
    assert _asked(town) == ["updates", "certificates"]


# --- sealing keys --------------------------------------------------------------------------------------------------


def _told(town: Town, *keys: tuple[OpeningKey, int, int]) -> dict[str, object]:
    """A signed answer with these keys, each from and to so many days from now."""
    members = [
        {
            "kid": key.public.id,
            "publicKey": str(key.public),
            "notBefore": (START + timedelta(days=first)).isoformat(),
            "notAfter": (START + timedelta(days=last)).isoformat(),
        }
        for key, first, last in keys
    ]
    answer = {"source": "s", "nonce": "n" * 16, "serverTime": START.isoformat(), "sealingKeys": members}
    return town.office.key.sign_object(UPDATES, answer)


OLD, NEW = OpeningKey(b"\x31" * 32), OpeningKey(b"\x32" * 32)


@pytest.mark.parametrize(
    ("days", "key"),
    [(-1, OLD), (0, OLD), (9, OLD), (10, NEW), (20, NEW)],
    ids=["before both", "the first", "its last day", "the next", "its last moment"],
)
def test_the_newest_valid_key_is_used(town: Town, days: int, key: OpeningKey) -> None:
    keep_sealing_keys(town.folder, _told(town, (NEW, 10, 21), (OLD, 0, 12)))
    assert load_sealing_key(town.folder, START + timedelta(days=days)) == key.public


@pytest.mark.expects_log("zuil.sync")
def test_an_ended_key_is_used_on_and_told(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    keep_sealing_keys(town.folder, _told(town, (NEW, 10, 21), (OLD, 0, 12)))
    assert load_sealing_key(town.folder, START + timedelta(days=500)) == NEW.public
    assert "the back office needs a new one" in caplog.text


def test_without_any_key_there_is_none(town: Town) -> None:
    assert load_sealing_key(town.folder, START) is None
    assert not keep_sealing_keys(town.folder, _told(town))
    assert not (town.folder / SEALING_FILE).exists()


def test_no_keys_never_replace_some_and_the_same_are_not_written_again(town: Town) -> None:
    assert keep_sealing_keys(town.folder, _told(town, (OLD, 0, 10)))
    kept = town.folder / SEALING_FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = kept.stat().st_mtime_ns, kept.stat().st_ino
    assert not keep_sealing_keys(town.folder, _told(town))
    assert not keep_sealing_keys(town.folder, _told(town, (OLD, 0, 10)))
    assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == before
    assert keep_sealing_keys(town.folder, _told(town, (NEW, 0, 10)))


@pytest.mark.expects_log("zuil.sync")
def test_keys_somebody_else_put_there_are_not_used(town: Town) -> None:
    mine = _told(town, (OLD, 0, 10))
    keep_sealing_keys(town.folder, mine)
    evil = _told(town, (NEW, 0, 10))
    (town.folder / SEALING_FILE).write_bytes(canonical({**mine, "sealingKeys": evil["sealingKeys"]}))
    assert load_sealing_key(town.folder, START) is None
    (town.folder / SEALING_FILE).write_bytes(canonical(SigningKey(b"\x44" * 32).sign_object(UPDATES, evil)))
    assert load_sealing_key(town.folder, START) is None
    keep_sealing_keys(town.folder, mine)
    assert load_sealing_key(town.folder, START) == OLD.public


def test_a_key_under_a_wrong_name_is_left_out(town: Town) -> None:
    told = _told(town, (OLD, 0, 10), (NEW, 1, 10))
    keys = told["sealingKeys"]
    assert isinstance(keys, list)
    keys[1]["kid"] = OLD.public.id
    keep_sealing_keys(town.folder, town.office.key.sign_object(UPDATES, told))
    assert load_sealing_key(town.folder, START + timedelta(days=5)) == OLD.public


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"{}"])
@pytest.mark.expects_log("zuil.sync")
def test_a_file_that_is_none_is_no_key(town: Town, content: bytes) -> None:
    (town.folder / SEALING_FILE).write_bytes(content)
    assert load_sealing_key(town.folder, START) is None
    assert keep_sealing_keys(town.folder, _told(town, (OLD, 0, 10)))


@pytest.mark.expects_log("zuil.sync")
def test_a_full_disk_keeps_no_numbers_from_the_column(
    town: Town, client: SyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    add_sealing_key(town.office, OLD.public, 0, 4 * 10**12)
    monkeypatch.setattr("sync.client.sealing_keys.write_durably", full)
    client.loop().tick()
    assert client.online


def test_the_private_half_lies_in_a_file_of_its_owner_alone(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "sealing.key"
    kid = make_sealing_key(town.office, file)
    text = file.read_text(encoding="ascii")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (len(text), text[-1]) == (44, "\n")
    assert OpeningKey(unb64url(text.strip())).public.id == kid
    with pytest.raises(FileExistsError):
        make_sealing_key(town.office, file)


# --- downloads -----------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7 invented"


def _opened(key: str, content: bytes) -> bytes:
    return AESGCM(unb64url(key)).decrypt(content[:12], content[12:], None)


def test_the_back_office_keeps_what_only_the_address_opens(town: Town) -> None:
    offer = offer_download(town.asker(), PDF)
    assert isinstance(offer, Offer)
    assert offer.expires_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    prefix, _, file_id = offer.path.rpartition("/")
    assert (prefix, len(file_id), len(offer.key)) == ("/take", 43, 43)
    assert offer.address("https://example.be", "fr") == f"https://example.be/take/{file_id}?lang=fr#{offer.key}"
    content = fetch_once(town.office, file_id)
    assert content is not None
    assert PDF not in content
    assert _opened(offer.key, content) == PDF
    with pytest.raises(InvalidTag):
        _opened(offer.key, content[:-1] + bytes([content[-1] ^ 1]))
    assert offer.key not in repr(offer)


def test_the_key_never_goes_over_the_line(town: Town) -> None:
    offer = offer_download(town.asker(), PDF)
    assert isinstance(offer, Offer)
    assert all(offer.key.encode() not in body and offer.key not in url for url, body in town.cable.asked)
    again = offer_download(town.asker(), PDF)
    assert isinstance(again, Offer)
    assert again.key != offer.key


def test_the_largest_file_still_goes_and_a_larger_one_is_not_sent(town: Town) -> None:
    assert isinstance(offer_download(town.asker(), bytes(LARGEST)), Offer)
    town.cable.asked.clear()
    assert offer_download(town.asker(), bytes(LARGEST + 1)) == Defect("payloadTooLarge")
    assert town.cable.asked == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(429, b"", "60"), TryLater),
        (Answer(502, b""), ServerTrouble),
        (Answer(200, b"{}"), NotOurServer),
        (NoAnswer(Failure.UNREACHABLE), Unreachable),
        (problem(413, "urn:problem-type:belgif:payloadTooLarge"), Defect),
        (problem(409, problem_type("chainFork")), NotOurServer),
    ],
    ids=["busy", "broken", "nothing", "no way", "too large", "a fork"],
)
def test_what_is_no_offer_is_trouble(town: Town, answer: Answer | NoAnswer, outcome: type) -> None:
    town.cable.change = lambda _url, _answer: answer
    assert isinstance(offer_download(town.asker(), PDF), outcome)


@pytest.mark.parametrize("members", [{"id": "../counter"}, {"id": "a#b"}, {"expiresAt": "soon"}, {"id": None}])
def test_an_offer_that_leads_elsewhere_is_none(town: Town, members: dict[str, object]) -> None:
    def change(_url: str, answer: Answer) -> Answer:
        told = {**json.loads(answer.body), **members}
        return Answer(200, canonical(town.office.key.sign_object("kiosk-download-v1", told)))

    town.cable.change = change
    assert isinstance(offer_download(town.asker(), PDF), NotOurServer)


def test_an_identity_in_memory_asks_for_no_certificate(town: Town, tmp_path: Path) -> None:
    identity = replace(town.identity, directory=None)
    store = open_at(tmp_path / "kiosk.db", identity.column, town.clock)
    client = SyncClient(store, identity, town.server.url, queues=(), today=lambda: TODAY, transport=town.cable)
    client.loop().tick()
    assert _asked(town) == ["updates"]
    assert client.stop()
    store.close()
