"""Words of printers as states of the house, and what CUPS says of printers it only remembers."""

from __future__ import annotations

import pytest

from drivers.contract import DeviceStatus, Health, Reason
from drivers.printers.ipp.printer_facts import printer_facts
from drivers.printers.ipp.status import decode_status
from drivers.printers.ipp.values import Attribute, Group, GroupTag, Message, Tag, keyword, one

IDLE, PROCESSING, STOPPED = 3, 4, 5


def status(
    state: int | None, *reasons: str, more: tuple[Attribute, ...] = (), pdf: str = "application/pdf"
) -> DeviceStatus:
    said = (
        keyword("printer-state-reasons", *(reasons or ("none",))),
        one("document-format-supported", Tag.MIME_TYPE, pdf),
        *(() if state is None else (one("printer-state", Tag.ENUM, state),)),
        *more,
    )
    return decode_status(printer_facts(Message(0, 1, (Group(GroupTag.PRINTER, said),))))


@pytest.mark.parametrize(
    ("state", "word", "health", "reason"),
    [
        (IDLE, "none", Health.READY, None),
        (PROCESSING, "none", Health.BUSY, None),
        (STOPPED, "none", Health.UNAVAILABLE, Reason.OFFLINE),
        (STOPPED, "media-empty-error", Health.UNAVAILABLE, Reason.PAPER_OUT),
        (STOPPED, "media-low-warning", Health.UNAVAILABLE, Reason.PAPER_LOW),
        (IDLE, "media-empty-error", Health.UNAVAILABLE, Reason.PAPER_OUT),
        (IDLE, "media-empty", Health.UNAVAILABLE, Reason.PAPER_OUT),
        (IDLE, "media-empty-warning", Health.ATTENTION, Reason.PAPER_LOW),
        (IDLE, "media-empty-report", Health.READY, None),
        (IDLE, "media-needed-error", Health.UNAVAILABLE, Reason.PAPER_OUT),
        (IDLE, "media-low-warning", Health.ATTENTION, Reason.PAPER_LOW),
        (IDLE, "media-low", Health.ATTENTION, Reason.PAPER_LOW),
        (IDLE, "media-jam-error", Health.UNAVAILABLE, Reason.MECHANICAL),
        (IDLE, "cover-open-error", Health.UNAVAILABLE, Reason.COVER_OPEN),
        (IDLE, "door-open-error", Health.UNAVAILABLE, Reason.COVER_OPEN),
        (IDLE, "marker-supply-low-warning", Health.ATTENTION, Reason.MECHANICAL),
        (IDLE, "marker-supply-low-report", Health.READY, None),
        (IDLE, "marker-supply-empty-error", Health.UNAVAILABLE, Reason.MECHANICAL),
        (IDLE, "fuser-over-temp-error", Health.UNAVAILABLE, Reason.OVERHEATED),
        (PROCESSING, "moving-to-paused", Health.UNAVAILABLE, Reason.OFFLINE),
        (IDLE, "hold-new-jobs", Health.UNAVAILABLE, Reason.OFFLINE),
        (IDLE, "some-makers-own-word-error", Health.READY, None),
        (None, "none", Health.UNAVAILABLE, Reason.GARBLED),
        (77, "none", Health.UNAVAILABLE, Reason.GARBLED),
    ],
)
def test_words_of_a_printer(state: int | None, word: str, health: Health, reason: Reason | None) -> None:
    found = status(state, word)
    assert (found.health, found.reason) == (health, reason)


def test_what_stops_the_printer_counts_more_than_what_only_warns() -> None:
    assert status(IDLE, "toner-low-warning", "media-empty-error").reason is Reason.PAPER_OUT


def test_the_words_are_kept_for_diagnosis() -> None:
    assert status(STOPPED, "media-jam-error", "paused").raw == "stopped: media-jam-error, paused"
    closed = status(IDLE, more=(one("printer-is-accepting-jobs", Tag.BOOLEAN, False),))
    assert (closed.health, closed.reason, closed.raw) == (
        Health.UNAVAILABLE,
        Reason.OFFLINE,
        "idle, not accepting jobs: none",
    )


@pytest.mark.parametrize("pdf", ["application/octet-stream", "image/urf", "application/pdfx"])
def test_only_a_printer_that_says_pdf_takes_pdf(pdf: str) -> None:
    assert status(IDLE, pdf=pdf) == DeviceStatus(
        Health.UNAVAILABLE, Reason.NOT_CONFIGURED, f"takes no application/pdf, only {pdf}"
    )
    assert status(IDLE, pdf="Application/PDF; version=1.7").health is Health.READY


CUPS = (one("cups-version", Tag.TEXT, "2.4.2"), one("device-uri", Tag.URI, "ipp://192.0.2.20/ipp/print"))


@pytest.mark.parametrize(
    ("state", "word", "health", "reason"),
    [
        (IDLE, "media-empty-error", Health.ATTENTION, Reason.PAPER_LOW),
        (IDLE, "media-jam-error", Health.ATTENTION, Reason.MECHANICAL),
        (PROCESSING, "media-empty-error", Health.UNAVAILABLE, Reason.PAPER_OUT),
        (STOPPED, "paused", Health.UNAVAILABLE, Reason.OFFLINE),
        (IDLE, "hold-new-jobs", Health.UNAVAILABLE, Reason.OFFLINE),
        (IDLE, "cups-missing-filter-warning", Health.UNAVAILABLE, Reason.NOT_CONFIGURED),
    ],
)
def test_an_idle_queue_only_remembers_its_printer(state: int, word: str, health: Health, reason: Reason) -> None:
    found = status(state, word, more=CUPS)
    assert (found.health, found.reason) == (health, reason)
