"""In what terminals of different makers differ, and how the simulated one writes. Not for: scripts of a payment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Writes(Enum):
    """How messages reach the till."""

    WHOLE = "whole"
    SPLIT = "split"
    """A byte at a time."""
    GLUED = "glued"
    """Everything up to the next question at once."""
    DRIP = "drip"
    """A byte at a time, with pauses."""


@dataclass(frozen=True)
class Habits:
    """What the simulated terminal is like.

    Attributes:
        books_at_once: it books before it tells of an approval and stands by that when no answer comes; else it books
            when it hears the answer.
        books_whatever: it books although it hears that the goods are not out.
        keeps_declined: its memory of the last transaction holds refused ones too.
        ends_failures_with_completion: a refused payment ends with 06 0F instead of 06 1E.
        lingers: when the line breaks before it booked, it goes on by itself, says that it is busy to so many
            questions, and then books.
        empty_repeat: asked for its last transaction, it only says that it is done.
        sloppy_status: its state comes as 04 0F and an empty end.
        says_version: its state comes behind a text.
        chatty_registration: a 04 0F without money comes before the end of the registration.
        positive_as_84: it agrees with 84 00.
        knows_no_abort: 06 B0 gets 84 83.
        adds_unknown: fields and objects no table knows stand in what it tells.
        repeats_question: it asks so many times more, although it was answered.
        restarts_after_day: an end of day ends with 27 E0.
        clock_offset: its clock is so many seconds before ours.
        answer_seconds: how long it waits for any answer.
        goods_pause: seconds before it asks about the goods again.
    """

    books_at_once: bool = False
    books_whatever: bool = False
    keeps_declined: bool = False
    ends_failures_with_completion: bool = False
    lingers: int = 0
    empty_repeat: bool = False
    sloppy_status: bool = False
    says_version: bool = False
    chatty_registration: bool = False
    positive_as_84: bool = False
    knows_no_abort: bool = False
    adds_unknown: bool = False
    repeats_question: int = 0
    restarts_after_day: bool = False
    clock_offset: float = 0.0
    answer_seconds: float = 5.0
    goods_pause: float = 2.0
