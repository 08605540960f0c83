"""What can go wrong with the simulated register, by name. Not for: what it then does (`server`)."""

from __future__ import annotations

from enum import Enum


class RegisterFault(Enum):
    """A fault that can be switched on at any moment; the value is its name everywhere."""

    DOWN = "down"
    SLOW = "slow"
    FAULT_500 = "fault-500"
    FOUT = "fout"
    GARBAGE = "garbage"
    WRONG_REFERENCE = "wrong-reference"
    TOO_OLD = "too-old"


REGISTER_FAULTS: dict[str, str] = {
    RegisterFault.DOWN.value: "Connections are closed without an answer.",
    RegisterFault.SLOW.value: "Takes longer to answer than anybody waits.",
    RegisterFault.FAULT_500.value: "Answers with status 500 and a SOAP fault.",
    RegisterFault.FOUT.value: "Answers 200 with an exception of type FOUT that nobody has in a table.",
    RegisterFault.GARBAGE.value: "Answers with a document type and entities instead of an answer.",
    RegisterFault.WRONG_REFERENCE.value: "Answers another question than was asked.",
    RegisterFault.TOO_OLD.value: "Answers with data of more than a year ago.",
}
"""What each fault does, by name, for the dock and the command line."""
