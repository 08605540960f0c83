"""Remote care end to end: what staff order, the column does once, and staff learn how it ended."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.commanding import MESSAGE
from kiosk.core.commands import KINDS
from kiosk.log_parcel import pack_logs
from kiosk.payment_orders import payment_handlers
from kiosk.retired import read_retirement
from kiosk.staff_till import StaffTill
from sync.backoffice.commands import BadCommand, UnknownColumn
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.reports import erase_reports, find_report
from sync.client.answers import NotOurServer
from sync.client.identity import KEY_FILE, NEXT_KEY_FILE, load_key
from sync.client.rotation import prepare
from sync.client.transport import Answer, NoAnswer
from sync.client.updates import Updated
from sync.protocol.orders import COMMAND, REVOCATION
from sync.protocol.signing import UPDATES, SigningKey
from tests.app.remotes import Street, street
from tests.store.columns import order

STRANGER = SigningKey(b"\x55" * 32)


@pytest.fixture
def care(tmp_path: Path) -> Iterator[Street]:
    """A column under remote care."""
    with street(tmp_path) as made:
        yield made


async def test_every_kind_has_a_handler(care: Street) -> None:
    known = set(care.commander()._handlers) | set(payment_handlers(StaffTill(care.store, None, print, None, None)))  # type: ignore[arg-type]
    assert known == set(KINDS)


async def test_close_and_open_reach_the_caretaker_with_text_and_end(care: Street) -> None:
    given = care.give("close", text="Terug om 14 uur", until="2026-11-23T14:00:00+01:00")
    await care.carry_out()
    closure = care.caretaker.closure
    assert closure is not None
    assert (closure.by, closure.text) == (given, "Terug om 14 uur")
    assert closure.until is not None
    assert closure.until.hour == 14
    care.give("open")
    await care.carry_out()
    assert care.caretaker.asked == ["close", "open"]
    assert care.ends() == [("close", "done", ""), ("open", "done", "")]
    assert care.cards()[0].by == "staff-1"


async def test_an_ended_command_is_not_sent_again(care: Street) -> None:
    care.give("open")
    await care.carry_out()
    for _ in range(3):
        await care.carry_out()
    assert care.caretaker.asked == ["open"]


async def test_a_restart_is_proved_by_the_start(care: Street) -> None:
    given = care.give("restart")
    await care.carry_out()
    assert care.caretaker.asked == [f"restart {given}"]
    assert care.ends() == [("restart", "open", "")]
    care.start_again()
    await care.carry_out()
    assert care.caretaker.asked == [f"restart {given}"]
    assert care.ends() == [("restart", "done", "restart")]


async def test_a_line_for_everybody_needs_every_language_of_the_site(care: Street) -> None:
    care.give("message", nl="Lift stuk")
    await care.carry_out()
    assert care.ends()[-1] == ("message", "failed", "no words in fr")
    assert await care.store.remembered(MESSAGE) is None
    care.give("message", nl="Lift stuk", fr="Ascenseur en panne", until="2026-11-23T18:00:00+01:00")
    await care.carry_out()
    kept = {"words": {"nl": "Lift stuk", "fr": "Ascenseur en panne"}, "until": "2026-11-23T18:00:00+01:00"}
    assert await care.store.remembered(MESSAGE) == kept
    care.give("message")
    await care.carry_out()
    assert await care.store.remembered(MESSAGE) is None
    assert care.told == [kept, None]


async def test_findings_and_log_are_kept_for_staff_and_erased_in_time(care: Street) -> None:
    logs = care.folder / "log"
    logs.mkdir()
    (logs / "zuil.log.1").write_text("first\n")
    (logs / "zuil.log").write_text("second\n")
    (logs / "passwords.txt").write_text("secret\n")
    (logs / "zuil.log.2").symlink_to(logs / "passwords.txt")
    findings, log = care.give("diagnostics"), care.give("logs")
    await care.carry_out()
    assert [end[:2] for end in care.ends()] == [("diagnostics", "done"), ("logs", "done")]
    report = find_report(care.office, findings)
    assert report is not None
    assert json.loads(report.content) == [{"subject": "printer", "wrong": True, "says": "paper_out"}]
    parcel = find_report(care.office, log)
    assert parcel is not None
    assert gzip.decompress(parcel.content) == b"first\nsecond\n"
    assert erase_reports(care.office) == 0
    object.__setattr__(care.office, "clock", lambda: int(care.clock.now().timestamp() * 1000) + 31 * 86_400_000)
    assert erase_reports(care.office) == 2
    assert find_report(care.office, log) is None


def test_a_long_log_is_cut_to_its_newest_whole_lines(tmp_path: Path) -> None:
    lines = [f"{number} {SigningKey.generate().raw.hex()}" for number in range(20_000)]
    (tmp_path / "zuil.log").write_text("\n".join(lines) + "\n")
    packed = pack_logs(tmp_path, 100_000)
    assert 50_000 < len(packed) <= 100_000
    kept = gzip.decompress(packed).decode().splitlines()
    assert kept == lines[-len(kept) :]


async def test_a_report_that_does_not_arrive_is_said_so(care: Street) -> None:
    care.give("diagnostics")
    care.tick()
    care.cable.lose.add("reports")
    await care.look()
    care.tick()
    assert care.ends() == [("diagnostics", "failed", "not sent: Unreachable")]


# --- what is not obeyed ---------------------------------------------------------------------------------------------


def slipped_in(care: Street, command: dict[str, object]) -> None:
    """From now on a genuine answer of the back office carries this command too."""

    def instead(name: str, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        if name != "updates" or isinstance(answer, NoAnswer) or answer.status != 200:
            return answer
        members = {**json.loads(answer.body), "commands": [command]}
        return Answer(200, json.dumps(care.office.key.sign_object(UPDATES, members)).encode())

    care.cable.instead = instead


@pytest.mark.expects_log("zuil.sync")
@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({}, STRANGER, "wrongSignature"),
        ({"source": "urn:uuid:other"}, None, "otherColumn"),
        ({"arguments": {"deep": {"er": 1}}}, None, "malformed"),
        ({"expiresAt": "soon"}, None, "malformed"),
    ],
)
async def test_what_is_not_genuine_is_told_once_and_never_done(
    care: Street, change: dict[str, object], key: SigningKey | None, reason: str
) -> None:
    given = care.give("open")
    with care.office.database.read() as connection:
        from sync.backoffice.commands import open_orders

        genuine = open_orders(care.office, connection, care.kiosk_id)[0]
    slipped_in(care, (key or care.office.key).sign_object(COMMAND, {**genuine, **change}))
    for _ in range(3):
        await care.carry_out()
    assert care.caretaker.asked == []
    assert [(card.id, card.outcome, card.detail) for card in care.cards()] == [(given, "refused", reason)]
    assert care.store.position().last_sequence == 1


async def test_an_answer_nobody_signed_brings_no_command(care: Street) -> None:
    care.give("open")

    def instead(name: str, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        assert isinstance(answer, Answer)
        return Answer(200, json.dumps(STRANGER.sign_object(UPDATES, json.loads(answer.body))).encode())

    care.cable.instead = instead
    assert isinstance(care.client.loop()._updater.step(), NotOurServer)
    assert await care.store.open_commands() == []


def test_the_back_office_gives_no_command_a_column_would_refuse(care: Street) -> None:
    for kind, arguments in (("dance", {}), ("close", {"loud": True}), ("close", {"until": "soon"})):
        with pytest.raises(BadCommand):
            care.give(kind, **arguments)  # type: ignore[arg-type]
    with pytest.raises(BadCommand):
        care.give("open", hours=0)
    revoke_kiosk(care.office, care.kiosk_id)
    with pytest.raises(UnknownColumn):
        care.give("open")


# --- another key ----------------------------------------------------------------------------------------------------


@pytest.mark.expects_log("zuil.sync")
async def test_the_key_is_changed_and_only_the_new_one_counts(care: Street) -> None:
    old = care.identity.key
    care.give("rotateKey")
    care.tick()
    commander = care.commander()
    await care.look(commander)
    assert (care.folder / "identity" / NEXT_KEY_FILE).exists()
    care.tick()
    await care.look(commander)
    care.tick()
    assert care.ends() == [("rotateKey", "done", "")]
    assert care.identity.key != old
    assert load_key(care.folder / "identity") == care.identity.key
    assert care.key_at_backoffice() == str(care.identity.key.public)
    care.identity.key = old
    care.store.issue_ticket_now(order())
    care.tick()
    assert care.client.alarm == "invalidSignature", "the old key must not count"


@pytest.mark.parametrize("cut", [False, True])
async def test_a_lost_answer_locks_nobody_out(care: Street, cut: bool) -> None:
    """The back office took the new key, the column never heard of it, and perhaps lost its power."""
    care.give("rotateKey")
    care.tick()
    commander = care.commander()
    await care.look(commander)
    care.cable.lose.add("keys")
    loop = care.client.loop()
    loop._rotate_once()
    assert care.key_at_backoffice() != str(care.identity.key.public), "the test must lose an answer that counted"
    if cut:
        care.start_again()
        commander = care.commander()
        assert care.key_at_backoffice() != str(care.identity.key.public)
    care.store.issue_ticket_now(order())
    care.tick(2)
    await care.look(commander)
    care.tick()
    assert care.key_at_backoffice() == str(care.identity.key.public)
    assert care.store.position().acked_sequence == care.store.position().last_sequence
    assert care.client.alarm is None
    assert care.ends() == [("rotateKey", "done", "")]


async def test_a_cut_before_the_key_was_made_changes_nothing(care: Street) -> None:
    given = care.give("rotateKey")
    care.tick()
    assert await care.store.begin_command(given)
    care.start_again()
    await care.carry_out()
    assert care.ends() == [("rotateKey", "failed", "no key was made")]
    assert care.client.online


@pytest.mark.expects_log("zuil.sync")
async def test_control_taking_the_next_key_without_an_answer_locks_out(care: Street) -> None:
    prepare(care.folder / "identity", "0190f1c2-0000-7000-8000-000000000001")
    (care.folder / "identity" / NEXT_KEY_FILE).replace(care.folder / "identity" / KEY_FILE)
    care.start_again()
    care.store.issue_ticket_now(order())
    care.tick(2)
    assert care.client.alarm == "invalidSignature"


def test_a_key_that_cannot_prove_itself_is_not_taken(care: Street) -> None:
    from sync.client.asking import Asker
    from sync.protocol.orders import KEY, KEY_REQUEST

    asker = Asker(care.identity, care.cable, care.url, care.store.now)
    new = SigningKey.generate()
    members = {"commandId": "0190f1c2-0000-7000-8000-000000000001", "publicKey": str(new.public), "proof": "AAAA"}
    assert not isinstance(asker.ask("keys", (KEY_REQUEST, KEY), members), dict)
    assert care.key_at_backoffice() == str(care.identity.key.public)


# --- revoked and wiped ----------------------------------------------------------------------------------------------


@pytest.mark.expects_log("zuil.sync")
def test_a_revoked_column_hears_it_proved(care: Street) -> None:
    revoke_kiosk(care.office, care.kiosk_id, drain_hours=2, by="staff-1")
    care.store.issue_ticket_now(order())
    care.tick()
    assert len(care.revocations) == 1
    assert care.revocations[0] is not None
    care.tick()
    position = care.store.position()
    assert position.acked_sequence == position.last_sequence > 0, "what is left may still be handed in"


@pytest.mark.expects_log("zuil.sync")
def test_without_a_drain_nothing_is_taken(care: Street) -> None:
    revoke_kiosk(care.office, care.kiosk_id)
    care.store.issue_ticket_now(order())
    care.tick(2)
    assert care.revocations == [None, None]
    assert care.store.position().acked_sequence == 0


def _refusals(care: Street) -> dict[str, dict[str, object]]:
    good = {"source": care.identity.column.source, "nonce": "n" * 22, "revokedAt": "2026-11-23T10:00:00Z"}
    return {
        "nobody signed": {},
        "a stranger signed": {"revocation": STRANGER.sign_object(REVOCATION, good)},
        "for another request": {"revocation": care.office.key.sign_object(REVOCATION, good)},
        "for another purpose": {"revocation": care.office.key.sign_object(UPDATES, good)},
        "of no shape": {"revocation": "now"},
    }


@pytest.mark.expects_log("zuil.sync")
@pytest.mark.parametrize(
    "how", ["nobody signed", "a stranger signed", "for another request", "for another purpose", "of no shape"]
)
def test_control_a_refusal_that_is_not_proved_wipes_nothing(care: Street, how: str) -> None:
    body = {"type": "urn:problem-type:zuil:kiosk:kioskRevoked", "title": "t", "status": 403, **_refusals(care)[how]}
    care.cable.instead = lambda _name, _answer: Answer(403, json.dumps(body).encode())
    care.tick(2)
    assert care.revocations == []
    assert read_retirement(care.folder) is None
    care.cable.instead = None
    assert isinstance(care.client.loop()._updater.step(), Updated)


async def test_a_wipe_is_marked_before_it_is_said(care: Street) -> None:
    given = care.give("wipe")
    await care.carry_out()
    mark = read_retirement(care.folder)
    assert mark is not None
    assert (mark.reason, mark.by, mark.drains) == ("wiped", given, True)
    assert care.retired == ["retire"]
    assert care.ends() == [("wipe", "done", "")]


async def test_a_wipe_cut_off_before_its_mark_is_unknown_and_not_done(care: Street) -> None:
    given = care.give("wipe")
    care.tick()
    assert await care.store.begin_command(given)
    care.start_again()
    await care.carry_out()
    assert care.ends() == [("wipe", "unknown", "restart")]
    assert care.retired == []
    assert read_retirement(care.folder) is None
