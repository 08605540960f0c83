"""What a printer's words about itself mean for the house. Pure.

Not for: getting them (`session`).
"""

from __future__ import annotations

from drivers.contract import DeviceStatus, Health, Reason
from drivers.printers.ipp.printer_facts import IDLE, PROCESSING, STOPPED, PrinterFacts
from drivers.printers.ipp.requests import A4, PDF

_STOPS = {
    "media-empty": Reason.PAPER_OUT,
    "media-needed": Reason.PAPER_OUT,
    "media-jam": Reason.MECHANICAL,
    "cover-open": Reason.COVER_OPEN,
    "door-open": Reason.COVER_OPEN,
    "interlock-open": Reason.COVER_OPEN,
    "input-tray-missing": Reason.COVER_OPEN,
    "output-tray-missing": Reason.COVER_OPEN,
    "output-area-full": Reason.MECHANICAL,
    "marker-supply-empty": Reason.MECHANICAL,
    "marker-supply-missing": Reason.MECHANICAL,
    "marker-waste-full": Reason.MECHANICAL,
    "toner-empty": Reason.MECHANICAL,
    "developer-empty": Reason.MECHANICAL,
    "opc-life-over": Reason.MECHANICAL,
    "fuser-over-temp": Reason.OVERHEATED,
    "connecting-to-device": Reason.UNREACHABLE,
    "timed-out": Reason.SILENT,
    "offline": Reason.OFFLINE,
    "paused": Reason.OFFLINE,
    "moving-to-paused": Reason.OFFLINE,
    "shutdown": Reason.OFFLINE,
}
"""Words (RFC 8011 section 5.4.12) with which nothing prints; as a warning, another tray or cartridge still does."""
_ALWAYS_STOPS = {
    "hold-new-jobs": Reason.OFFLINE,
    "cups-missing-filter": Reason.NOT_CONFIGURED,
    "cups-insecure-filter": Reason.NOT_CONFIGURED,
}
_WARNS = {
    "media-low": Reason.PAPER_LOW,
    "marker-supply-low": Reason.MECHANICAL,
    "marker-waste-almost-full": Reason.MECHANICAL,
    "toner-low": Reason.MECHANICAL,
    "developer-low": Reason.MECHANICAL,
    "opc-near-eol": Reason.MECHANICAL,
    "output-area-almost-full": Reason.MECHANICAL,
}
_SEVERITIES = ("error", "warning", "report")


def decode_status(facts: PrinterFacts) -> DeviceStatus:
    """The state of the printer, and whether it can print a sheet at all."""
    lacking = _lacking(facts)
    if lacking is not None:
        return DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED, lacking)
    if facts.state not in (IDLE, PROCESSING, STOPPED):
        return DeviceStatus(Health.UNAVAILABLE, Reason.GARBLED, facts.words)
    stops, warns = _sorted_reasons(facts)
    if facts.state == STOPPED or not facts.accepting:
        return DeviceStatus(Health.UNAVAILABLE, next(iter((*stops, *warns)), Reason.OFFLINE), facts.words)
    if stops:
        return DeviceStatus(Health.UNAVAILABLE, stops[0], facts.words)
    if warns:
        return DeviceStatus(Health.ATTENTION, warns[0], facts.words)
    return DeviceStatus(Health.READY if facts.state == IDLE else Health.BUSY, None, facts.words)


def _lacking(facts: PrinterFacts) -> str | None:
    if PDF not in facts.formats:
        return f"takes no {PDF}, only {', '.join(facts.formats)[:300] or 'what it does not say'}"
    if facts.media and A4 not in facts.media:
        return f"has no paper size {A4}, only {', '.join(facts.media)[:300]}"
    return None


def _sorted_reasons(facts: PrinterFacts) -> tuple[list[Reason], list[Reason]]:
    """What stops the printer, and what only needs somebody soon."""
    stops: list[Reason] = []
    warns: list[Reason] = []
    # CUPS asks the printer only while a job runs: what an idle queue says is how the last job found it.
    remembered = facts.spooler and facts.state == IDLE
    for word in facts.reasons:
        stem, _, severity = word.rpartition("-")
        if severity not in _SEVERITIES:
            stem, severity = word, "error"
        if stem in _ALWAYS_STOPS:
            stops.append(_ALWAYS_STOPS[stem])
        elif severity == "report":
            continue
        elif stem in _STOPS and severity == "error" and not remembered:
            stops.append(_STOPS[stem])
        elif stem in _STOPS:
            warns.append(Reason.PAPER_LOW if _STOPS[stem] is Reason.PAPER_OUT else _STOPS[stem])
        elif stem in _WARNS:
            warns.append(_WARNS[stem])
    return stops, warns
