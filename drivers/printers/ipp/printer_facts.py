"""What a printer says about itself, from its answer. Pure. Not for: what follows from it (`status`)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printers.ipp.values import Group, GroupTag, Message

IDLE, PROCESSING, STOPPED = 3, 4, 5


@dataclass(frozen=True)
class PrinterFacts:
    """One answer to Get-Printer-Attributes.

    Attributes:
        state: 3 idle, 4 processing, 5 stopped; None when it did not say.
        accepting: whether it takes jobs.
        operations: numbers of the operations it knows.
        spooler: whether it is a queue of CUPS and not the printer itself.
        device: address of the printer behind a queue, as CUPS names it; empty when it does not.
    """

    state: int | None
    reasons: tuple[str, ...]
    accepting: bool
    operations: frozenset[int]
    formats: tuple[str, ...]
    media: tuple[str, ...]
    sides: tuple[str, ...]
    scalings: tuple[str, ...]
    banners: tuple[str, ...]
    spooler: bool
    device: str

    @property
    def words(self) -> str:
        """State and reasons as the printer gives them, for diagnosis."""
        state = {IDLE: "idle", PROCESSING: "processing", STOPPED: "stopped"}.get(self.state or 0, "no state")
        refusing = "" if self.accepting else ", not accepting jobs"
        return f"{state}{refusing}: {', '.join(self.reasons) or 'none'}"[:500]


def printer_facts(answer: Message) -> PrinterFacts:
    """Read an answer; what is missing is taken as not known."""
    said = answer.group(GroupTag.PRINTER)
    return PrinterFacts(
        state=said.number("printer-state"),
        reasons=tuple(reason for reason in said.texts("printer-state-reasons") if reason != "none"),
        accepting=said.first("printer-is-accepting-jobs") is not False,
        operations=_numbers(said, "operations-supported"),
        formats=tuple(name.partition(";")[0].strip().lower() for name in said.texts("document-format-supported")),
        media=said.texts("media-supported"),
        sides=said.texts("sides-supported"),
        scalings=said.texts("print-scaling-supported"),
        banners=said.texts("job-sheets-supported"),
        spooler=bool(said.texts("cups-version")),
        device=next(iter(said.texts("device-uri")), ""),
    )


def _numbers(said: Group, name: str) -> frozenset[int]:
    return frozenset(content for content in said.all(name) if isinstance(content, int))
