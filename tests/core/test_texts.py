"""Texts as values: equal by content, safe as keys, not to be changed from outside."""

from __future__ import annotations

import pytest

from kiosk.core.texts import Localized, Message, message


def test_messages_are_equal_by_key_and_data() -> None:
    assert message("ticket.people_ahead", count=4) == Message("ticket.people_ahead", {"count": 4})
    assert message("ticket.people_ahead", count=4) != message("ticket.people_ahead", count=5)
    assert message("a") != message("b")


def test_texts_can_stand_in_sets() -> None:
    assert len({message("a", x=1), message("a", x=1), message("a", x=2)}) == 2
    assert len({Localized({"nl": "x", "fr": "y"}), Localized({"fr": "y", "nl": "x"})}) == 1


def test_what_was_given_can_change_without_changing_the_text() -> None:
    values = {"nl": "Hallo"}
    data: dict[str, str | int] = {"count": 1}
    localized, sentence = Localized(values), Message("a", {**data})
    values["nl"] = "Dag"
    data["count"] = 2
    assert localized.values["nl"] == "Hallo"
    assert sentence.data["count"] == 1


def test_a_text_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Localized({"nl": "x"}).values["nl"] = "y"  # type: ignore[index]  # what the test is about
    with pytest.raises(TypeError):
        message("a", count=1).data["count"] = 2  # type: ignore[index]  # what the test is about


def test_texts_can_hold_texts() -> None:
    inner = Localized({"nl": "paspoort"})
    assert message("ticket.for", service=inner).data["service"] == inner
