"""Any bytes get an answer from every card, and no bytes break it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.simulated.card.badges import BADGES, Badge
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.other_cards import OTHER_CARDS, OtherCard
from tests.drivers.card_rigs import EVERY_GENERATION, beid, read_file

CHIPS = {generation: beid(generation=generation).chip for generation in EVERY_GENERATION}
LIKELY = st.builds(
    lambda head, parameters, rest: bytes.fromhex(head) + parameters + rest,
    st.sampled_from(["00A4", "00B0", "00C0", "0020", "0024", "0022", "002A", "0088", "80B2", "80E4", "80E6", "01A4"]),
    st.sampled_from(
        [bytes.fromhex(p) for p in ("0000", "0001", "080C", "020C", "040C", "41B6", "9E9A", "0281", "01FF")]
    )
    | st.binary(min_size=2, max_size=2),
    st.binary(max_size=60) | st.binary(max_size=58).map(lambda data: bytes((len(data),)) + data),
)
GENUINE = st.sampled_from(
    [
        bytes.fromhex(command)
        for command in (
            "00A4080C063F00DF014031",
            "0020000108241234FFFFFFFFFF",
            "002241B6050480028482",
            "002241B6050480018483",
            "002A9E9A30" + "11" * 48,
            "002A9E9A14" + "11" * 20,
            "00880281329430" + "22" * 48,
            "00C0000000",
        )
    ]
)
TALK = st.lists(st.binary(max_size=300) | LIKELY | GENUINE, max_size=30)


@pytest.mark.parametrize("generation", EVERY_GENERATION)
@settings(max_examples=150, deadline=None)
@given(talk=TALK)
def test_any_bytes_get_an_answer(generation: Generation, talk: list[bytes]) -> None:
    card = BeidCard(CHIPS[generation])
    for command in talk:
        answer = card.transmit(command)
        assert 2 <= len(answer) <= 258
        assert answer[-2] >> 4 in (0x6, 0x9)
        assert len(answer) == 2 or answer[-2] in (0x90, 0x61)
    card.reset()
    assert read_file(card, Place.IDENTITY) == CHIPS[generation].files[Place.IDENTITY]


@settings(max_examples=50, deadline=None)
@given(talk=TALK, name=st.sampled_from([name for name in OTHER_CARDS if name != "upside-down"]))
def test_other_cards_answer_any_bytes(talk: list[bytes], name: str) -> None:
    card = OtherCard(OTHER_CARDS[name])
    assert all(len(card.transmit(command)) >= 2 for command in talk)


@settings(max_examples=50, deadline=None)
@given(talk=TALK, name=st.sampled_from(list(BADGES)))
def test_badges_answer_any_bytes(talk: list[bytes], name: str) -> None:
    card = Badge(BADGES[name])
    assert all(len(card.transmit(command)) >= 2 for command in talk)
