"""What can go wrong with a printer of sheets, by name. Not for: what it then does (`machine`, `printer`)."""

from __future__ import annotations

from enum import Enum


class SheetFault(Enum):
    """A fault that can be switched on at any moment; the value is its name everywhere."""

    MEDIA_EMPTY = "media-empty"
    MEDIA_EMPTY_MID_JOB = "media-empty-mid-job"
    MEDIA_JAM = "media-jam"
    JAM_MID_JOB = "jam-mid-job"
    COVER_OPEN = "cover-open"
    PAUSED = "paused"
    TONER_LOW = "toner-low"
    TONER_EMPTY = "toner-empty"
    NOT_ACCEPTING = "not-accepting"
    NO_PDF = "no-pdf"
    BUSY = "busy"
    SLOW = "slow"
    ABORTS_AT_ONCE = "aborts-at-once"
    ABORTS_MID_JOB = "aborts-mid-job"
    JOB_HELD = "job-held"
    FORGETS_JOB = "forgets-job"
    NO_CREATE_JOB = "no-create-job"
    SILENT = "silent"
    ANSWER_LOST = "answer-lost"
    CUT_MID_DATA = "cut-mid-data"
    CUT_AFTER_DATA = "cut-after-data"
    DEAD = "dead"
    GARBAGE = "garbage"
    DRIP = "drip"
    REFUSES = "refuses"


FAULTS: dict[str, str] = {
    SheetFault.MEDIA_EMPTY.value: "The tray is empty; what it took waits for paper.",
    SheetFault.MEDIA_EMPTY_MID_JOB.value: "The tray turns out to be empty when the next job begins.",
    SheetFault.MEDIA_JAM.value: "Paper is jammed.",
    SheetFault.JAM_MID_JOB.value: "The next job jams after its first page is out.",
    SheetFault.COVER_OPEN.value: "Somebody has opened the cover.",
    SheetFault.PAUSED.value: "Somebody has paused it at its panel.",
    SheetFault.TONER_LOW.value: "The toner is nearly used up; everything still prints.",
    SheetFault.TONER_EMPTY.value: "The toner is used up.",
    SheetFault.NOT_ACCEPTING.value: "It takes no jobs.",
    SheetFault.NO_PDF.value: "A model that takes no PDF.",
    SheetFault.BUSY.value: "It is busy with others and turns new jobs away.",
    SheetFault.SLOW.value: "It wakes up slowly: half a minute before the first page.",
    SheetFault.ABORTS_AT_ONCE.value: "It gives up each job before anything is printed.",
    SheetFault.ABORTS_MID_JOB.value: "It gives up each job after its first page.",
    SheetFault.JOB_HELD.value: "It holds each job until somebody releases it at the panel.",
    SheetFault.FORGETS_JOB.value: "It forgets a job as soon as that is printed.",
    SheetFault.NO_CREATE_JOB.value: "An old model that only takes a job together with its document.",
    SheetFault.SILENT.value: "It takes connections and questions, and never answers.",
    SheetFault.ANSWER_LOST.value: "The connection breaks after the document, without an answer; it prints.",
    SheetFault.CUT_MID_DATA.value: "The connection breaks in the middle of the document.",
    SheetFault.CUT_AFTER_DATA.value: "The cable is pulled once the document is there; it prints what it has.",
    SheetFault.DEAD.value: "Switched off: connections are refused.",
    SheetFault.GARBAGE.value: "It answers every question with noise.",
    SheetFault.DRIP.value: "Its answers come byte by byte and never to an end.",
    SheetFault.REFUSES.value: "Its web server says that it is unavailable.",
}
"""What each fault does, by name, for the dock and the command line."""
