"""What can go wrong with a receipt printer, by name. Not for: what the printer then does
(`receipt.mechanism`)."""

from __future__ import annotations

from enum import Enum


class PrinterFault(Enum):
    """A fault that can be switched on at any moment; the value is its name everywhere."""

    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    PAPER_OUT_MID_JOB = "paper-out-mid-job"
    COVER_OPEN = "cover-open"
    ROLL_OUT = "roll-out"
    CUTTER_JAM = "cutter-jam"
    SILENT = "silent"
    DEAD = "dead"
    UNPLUGGED = "unplugged"
    SLOW = "slow"
    GARBAGE = "garbage"


FAULTS: dict[str, str] = {
    PrinterFault.PAPER_LOW.value: "The roll is nearly used up; everything still prints.",
    PrinterFault.PAPER_OUT.value: "The roll is empty; what is sent now waits in the printer for a new roll.",
    PrinterFault.PAPER_OUT_MID_JOB.value: "The roll ends 30 mm into the next ticket, the rest waits for a new roll.",
    PrinterFault.COVER_OPEN.value: "Somebody has opened the cover.",
    PrinterFault.ROLL_OUT.value: "Somebody has opened the cover and taken the roll out.",
    PrinterFault.CUTTER_JAM.value: "The next cut jams; after clearing it, the printer waits to be told to recover.",
    PrinterFault.SILENT.value: "Takes data and prints, but answers nothing.",
    PrinterFault.DEAD.value: "Switched off: connections are refused, what it held is lost.",
    PrinterFault.UNPLUGGED.value: "The cable is pulled: connections break, but what it already holds is printed.",
    PrinterFault.SLOW.value: "Prints like a tired old mechanism.",
    PrinterFault.GARBAGE.value: "Answers every question with noise.",
}
"""What each fault does, by name, for the dock and the command line."""
