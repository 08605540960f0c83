"""What a terminal says of itself, as a state of a device. Not for: asking (`driver`)."""

from __future__ import annotations

from drivers.contract import DeviceStatus, Health, Reason
from drivers.payments.adyen.values import DiagnosisReply, Result

_PRINTER = {
    "PaperLow": Reason.PAPER_LOW,
    "NoPaper": Reason.PAPER_OUT,
    "PaperJam": Reason.MECHANICAL,
    "OutOfOrder": Reason.MECHANICAL,
}
BUSY = "Busy"


def device_status(reply: DiagnosisReply) -> DeviceStatus:
    """Ready only with a whole terminal that reaches a bank."""
    raw = told(reply)
    if (reply.outcome.result is not Result.SUCCESS and reply.outcome.condition == BUSY) or reply.state == BUSY:
        return DeviceStatus(Health.BUSY, raw=raw)
    if reply.outcome.result is not Result.SUCCESS or reply.state != "OK":
        return DeviceStatus(Health.UNAVAILABLE, Reason.OFFLINE, raw)
    if reply.broken:
        return DeviceStatus(Health.UNAVAILABLE, Reason.MECHANICAL, raw)
    if reply.communication is False or (reply.hosts and not any(reply.hosts)):
        return DeviceStatus(Health.UNAVAILABLE, Reason.OFFLINE, raw)
    paper = _PRINTER.get(reply.printer)
    return DeviceStatus(Health.ATTENTION if paper else Health.READY, paper, raw)


def told(reply: DiagnosisReply) -> str:
    """The terminal's own words, shortened."""
    parts = [
        reply.outcome.condition or reply.outcome.result.value,
        reply.state,
        *(f"not {part}" for part in reply.broken),
    ]
    if reply.communication is False:
        parts.append("not CommunicationOKFlag")
    if reply.hosts:
        parts.append(f"{sum(reply.hosts)} of {len(reply.hosts)} banks")
    return " ".join(part for part in [*parts, reply.printer] if part)[:200]
