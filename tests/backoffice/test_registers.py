"""Registers: who is in the simulated one, the platform's messages, and every way in which it can be sick."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from drivers.cards.beid.dates import birth_date
from drivers.simulated.card.people import people
from kiosk.core.attests import AttestField, GroupKind, Kind, RegisterData, RegisterProblem
from sync.backoffice.registers.contract import RegisterDown, RegisterRefused
from sync.backoffice.registers.magda.adapter import MagdaRegister
from sync.backoffice.registers.magda.person import read_person
from sync.backoffice.registers.magda.protocol import Question, WrongReply, read_reply, write_question
from sync.backoffice.registers.magda.services import HOUSEHOLD, PERSON, Platform
from sync.backoffice.registers.magda.transport import HttpTransport, NoReply
from sync.backoffice.registers.magda.xml import NotOurXml, parse, text
from sync.backoffice.registers.simulated import answers
from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS, RegisterFault
from sync.backoffice.registers.simulated.registry import households, registry
from sync.backoffice.registers.simulated.server import RegisterServer
from sync.backoffice.registers.simulated.steering import HELP, run, steer
from tests.backoffice.unsealing import BENOIT, LOTTE, site, texts

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
QUESTION = Question(PERSON, "urn:zuil:attests", "attest-birth", "reference-1", NOW, LOTTE)


@pytest.fixture
def server() -> Iterator[RegisterServer]:
    """A simulated register."""
    with RegisterServer(now=lambda: NOW, slow_seconds=60) as running:
        yield running


@pytest.fixture
def register(server: RegisterServer) -> MagdaRegister:
    """The adapter to it."""
    return MagdaRegister(HttpTransport(server.url, read_seconds=5), Platform(), lambda: NOW)


def test_there_are_enough_invented_people_of_every_kind() -> None:
    homes = households(TODAY)
    everybody = [member for home in homes for member in home.members]
    assert len(homes) >= 30
    assert len(everybody) >= 90
    assert {len(home.members) for home in homes} >= set(range(1, 11))
    couples = [home.members[:2] for home in homes if len(home.members) > 1 and home.members[1].relation == "2"]
    assert any(first.sex == second.sex for first, second in couples)
    assert any(who.civil_status == "3" for who in everybody)
    assert any(who.relation == "3" and len(who.parents) == 1 for who in everybody)
    assert any(not who.homes for who in everybody)
    assert {"Łucja", "Ğül", "Ștefania"} <= {name for who in everybody for name in who.given_names.split()}


def test_every_national_number_is_of_the_test_range_and_right_by_its_own_rule() -> None:
    numbers = [member.national_number for home in households(TODAY) for member in home.members]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert 61 <= int(number[2:4]) <= 72
        nine, check = number[:9], int(number[9:])
        assert check in (97 - int(nine) % 97, 97 - int("2" + nine) % 97)


def test_everybody_with_a_simulated_card_is_in_the_register_as_on_the_card() -> None:
    known = registry(TODAY)
    for card in people(TODAY).values():
        person, _ = known[card.national_number]
        assert (person.surname, person.given_names) == (card.surname, card.given_names)
        born = birth_date(card.birth)
        assert born is not None
        assert person.birth.startswith(f"{born.year:04d}")
        assert bool(person.homes) == bool(card.home.street)
        if person.homes:
            home = person.homes[0]
            assert (home.street, home.postal_code, home.municipality) == (
                card.home.street,
                card.home.postal_code,
                card.home.municipality,
            )


def test_everybody_can_be_printed_with_every_product(register: MagdaRegister) -> None:
    """What the register says fits what the pages print, in every language; refusals are refusals."""
    from kiosk.documents.attest.facts import register_facts

    said = 0
    for number in registry(TODAY):
        for product in site().attests:
            if product.from_card or product.kind is Kind.CRIMINAL_RECORD:
                continue
            answer = register.ask(product.kind, number, product.purpose, f"{number[-3:]}-{product.id}")
            assert not isinstance(answer, RegisterDown), answer
            if isinstance(answer, RegisterData) and answer.facts.get("ADDRESS") and len(_parents(answer)) == 2:
                said += 1
                register_facts(answer, product, product.languages[said % len(product.languages)], texts())
    assert said > 200


def _parents(answer: RegisterData) -> list[str]:
    return [name for name in ("PARENT_1", "PARENT_2") if answer.facts.get(name)]


def test_a_household(register: MagdaRegister, server: RegisterServer) -> None:
    answer = register.ask(Kind.HOUSEHOLD, LOTTE, "attest-household", "r1")
    assert isinstance(answer, RegisterData)
    rows = answer.groups[GroupKind.MEMBERS.name]
    assert [row["RELATION"] for row in rows] == ["reference", "spouse", "child", "child"]
    assert rows[1]["GIVEN_NAMES"] == "Łucja Ionela"
    assert answer.as_of == TODAY
    assert server.asked == [("GeefGezinssamenstelling", "attest-household", "r1")]


def test_birth_marriage_and_earlier_addresses(register: MagdaRegister) -> None:
    birth = register.ask(Kind.BIRTH, LOTTE, "p", "r1")
    marriage = register.ask(Kind.MARRIAGE, LOTTE, "p", "r2")
    history = register.ask(Kind.RESIDENCE_HISTORY, LOTTE, "p", "r3")
    assert isinstance(birth, RegisterData)
    assert isinstance(marriage, RegisterData)
    assert isinstance(history, RegisterData)
    assert birth.facts[AttestField.RECORD_NUMBER.name].startswith("1985-")
    assert birth.facts["BIRTH_DATE"] == "1985-03-26"
    assert marriage.facts["SPOUSE"] == "Łucja Ionela Fictief"
    assert marriage.facts[AttestField.RECORD_NUMBER.name] == "2014-0117"
    assert [row.get("UNTIL") for row in history.groups["ADDRESSES"]] == [None, "2012-04-01"]
    assert history.facts["ADDRESS"] == "Grotesteenweg 150 bus 3, 2600 Berchem (Antwerpen)"


def test_who_is_not_there_and_what_is_not_there(register: MagdaRegister) -> None:
    assert register.ask(Kind.BIRTH, "85617100254", "p", "r") == RegisterRefused(RegisterProblem.UNKNOWN_PERSON)
    assert register.ask(Kind.MARRIAGE, BENOIT, "p", "r") == RegisterRefused(RegisterProblem.NO_RECORD)
    assert register.ask(Kind.CRIMINAL_RECORD, BENOIT, "p", "r") == RegisterRefused(RegisterProblem.REFERRED)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (RegisterFault.DOWN, "ConnectionError"),
        (RegisterFault.FAULT_500, "status 500"),
        (RegisterFault.FOUT, "FOUT 99999"),
        (RegisterFault.GARBAGE, "no document type"),
        (RegisterFault.WRONG_REFERENCE, "reference of the question"),
    ],
)
def test_a_sick_register_is_down_and_says_how(
    register: MagdaRegister, server: RegisterServer, fault: RegisterFault, says: str
) -> None:
    server.fault = fault
    answer = register.ask(Kind.BIRTH, LOTTE, "p", "r")
    assert isinstance(answer, RegisterDown)
    assert says in answer.detail


def test_a_slow_register_is_not_waited_for(server: RegisterServer) -> None:
    server.fault = RegisterFault.SLOW
    quick = MagdaRegister(HttpTransport(server.url, read_seconds=0.2), Platform(), lambda: NOW)
    answer = quick.ask(Kind.BIRTH, LOTTE, "p", "r")
    assert isinstance(answer, RegisterDown)
    assert "Timeout" in answer.detail


def test_data_have_the_age_the_register_says(register: MagdaRegister, server: RegisterServer) -> None:
    server.fault = RegisterFault.TOO_OLD
    answer = register.ask(Kind.BIRTH, LOTTE, "p", "r")
    assert isinstance(answer, RegisterData)
    assert (TODAY - answer.as_of).days == 400


def test_the_log_says_purpose_and_reference_and_nobody(
    register: MagdaRegister, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = register.ask(Kind.BIRTH, LOTTE, "attest-birth", "reference-7")
    assert "attest-birth" in caplog.text
    assert "reference-7" in caplog.text
    assert LOTTE not in caplog.text
    assert "Voorbeeld" not in caplog.text + repr(answer) + repr(QUESTION)


def test_a_purpose_goes_out_as_the_code_of_its_authorisation(server: RegisterServer) -> None:
    platform = Platform(purposes={"attest-birth": "LB-2026-014"})
    MagdaRegister(HttpTransport(server.url), platform, lambda: NOW).ask(Kind.BIRTH, LOTTE, "attest-birth", "r")
    assert server.asked[0][1] == "LB-2026-014"


def test_a_question_is_what_it_says() -> None:
    root = parse(write_question(QUESTION))
    request = ("Body", "GeefPersoon", "Verzoek")
    assert text(root, *request, "Context", "Naam") == "Persoon.GeefPersoon"
    assert text(root, *request, "Context", "Versie") == "02.02.0000"
    assert text(root, *request, "Context", "Bericht", "Type") == "VRAAG"
    assert text(root, *request, "Context", "Bericht", "Tijdstip", "Datum") == "2026-11-23"
    assert text(root, *request, "Context", "Bericht", "Afzender", "Hoedanigheid") == "attest-birth"
    assert text(root, *request, "Vragen", "Vraag", "Referte") == "reference-1"
    assert text(root, *request, "Vragen", "Vraag", "Inhoud", "Criteria", "INSZ") == LOTTE


def test_a_name_cannot_break_out_of_its_element() -> None:
    hostile = Question(PERSON, "</Identificatie><x>", 'a"&<', "r", NOW, LOTTE)
    root = parse(write_question(hostile))
    sender = ("Body", "GeefPersoon", "Verzoek", "Context", "Bericht", "Afzender")
    assert text(root, *sender, "Identificatie") == "</Identificatie><x>"
    assert text(root, *sender, "Hoedanigheid") == 'a"&<'


BOMB = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]><a>&c;</a>'


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<a>",
        b"not xml",
        BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode("utf-16"),
        b"<?php evil ?><a/>",
        b"<a>" * 100 + b"</a>" * 100,
        b"<r>" + b"<a/>" * 30_000 + b"</r>",
        b"<a>" + b"x" * (1024 * 1024) + b"</a>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b"<a>&undefined;</a>",
    ],
)
def test_hostile_xml_is_refused(hostile: bytes) -> None:
    with pytest.raises(NotOurXml):
        parse(hostile)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_refusal(data: bytes) -> None:
    with pytest.raises((NotOurXml, WrongReply)):
        read_reply(data, QUESTION)


def _answer(**changes: str) -> bytes:
    asked = answers.read_asked(write_question(QUESTION))
    assert asked is not None
    data = answers.answer(asked, registry(TODAY), NOW).decode()
    for old, new in changes.items():
        data = data.replace(f">{old.replace('_', '-')}<", f">{new}<")
    return data.encode()


def test_only_the_answer_to_our_own_question_counts() -> None:
    assert read_reply(_answer(), QUESTION).content is not None
    for wrong in (_answer(ANTWOORD="VRAAG"), _answer(reference_1="reference-2"), answers.soap_fault(), b"<a/>"):
        with pytest.raises(WrongReply):
            read_reply(wrong, QUESTION)


def test_a_warning_is_no_failure_and_a_fout_is_one() -> None:
    reply = read_reply(_answer(), QUESTION)
    assert [remark.type for remark in reply.remarks] == ["WAARSCHUWING"]
    assert reply.fault is None
    failed = read_reply(_answer(WAARSCHUWING="FOUT"), QUESTION)
    assert failed.fault is not None


def test_an_answer_about_another_person_counts_as_none() -> None:
    content = read_reply(_answer(), QUESTION).content
    assert isinstance(read_person(content, Kind.BIRTH, LOTTE), RegisterData)
    assert isinstance(read_person(content, Kind.BIRTH, BENOIT), RegisterDown)
    assert isinstance(read_person(None, Kind.BIRTH, LOTTE), RegisterDown)


def test_a_code_that_is_in_no_table_leaves_the_request_open() -> None:
    content = read_reply(_answer(V="Q"), QUESTION).content
    answer = read_person(content, Kind.BIRTH, LOTTE)
    assert isinstance(answer, RegisterDown)
    assert "Geslacht" in answer.detail


def test_no_redirect_is_followed_and_nothing_listens_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, server: RegisterServer
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert isinstance(HttpTransport(server.url).post(write_question(QUESTION), "x"), bytes)
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}/"
        answer = _served_once(other, b"HTTP/1.1 302 Found\r\nLocation: " + server.url.encode(), url)
    assert answer == NoReply("status 302")


def _served_once(listener: socket.socket, head: bytes, url: str) -> bytes | NoReply:
    from concurrent.futures import ThreadPoolExecutor

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            line.sendall(head + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(serve)
        return HttpTransport(url).post(b"<a/>", "x")


def test_a_message_that_is_none_gets_a_fault(server: RegisterServer) -> None:
    assert requests.post(server.url, data=b"hello", timeout=5).status_code == 500


def test_services_and_faults_have_names() -> None:
    assert HOUSEHOLD.name.endswith("GeefGezinssamenstelling")
    assert set(REGISTER_FAULTS) == {fault.value for fault in RegisterFault}


def test_the_simulated_register_is_told_line_by_line(server: RegisterServer) -> None:
    out = io.StringIO()
    run(server, ["fault fout", "state", "fault nothing", "clear", "people", "faults", "help", "quit", "state"], out)
    said = out.getvalue()
    assert server.fault is None
    assert "fout, 0 questions" in said
    assert "no register fault 'nothing'" in said
    assert f"{LOTTE}  Lotte Marie Van Voorbeeld" in said
    assert "too-old" in said
    assert said.endswith(f"{HELP}\n")
    assert steer(server, "state").endswith("well, 0 questions")
