"""How the terminal is, from its answer or from the lack of one. Not for: asking."""

from __future__ import annotations

from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.payments.opi.exchange import Lost
from drivers.payments.opi.responses import Response
from drivers.payments.opi.results import BUSY, SERVICE_DONE, named

_BUSY_STATES = ("BUSY",)
_LOGGED_OUT = ("LOGGED_OUT", "LOGGEDOUT", "DEACTIVATED")
_DEAD_STATES = ("INOPERABLE", "LOCKED", "UNAVAILABLE")


def device_status(reply: Response) -> DeviceStatus:
    """Of an answer to the question how it is, or to a login."""
    state = reply.state.upper().replace(" ", "_")
    raw = f"{reply.type} {named(reply.result)} {reply.state}".strip()
    if reply.result == BUSY or (reply.result in SERVICE_DONE and state in _BUSY_STATES):
        return DeviceStatus(Health.BUSY, raw=raw)
    if reply.result in SERVICE_DONE and state not in _DEAD_STATES and not logged_out(reply):
        return DeviceStatus(Health.READY, raw=raw)
    return DeviceStatus(Health.UNAVAILABLE, Reason.OFFLINE, raw)


def logged_out(reply: Response) -> bool:
    """Whether it wants a login first."""
    return reply.state.upper().replace(" ", "_") in _LOGGED_OUT


def trouble(reply: CannotOpen | Lost) -> DeviceStatus:
    """Of no answer."""
    match reply:
        case CannotOpen(reason, detail):
            return DeviceStatus(Health.UNAVAILABLE, reason, detail)
        case Lost(why, garbled):
            return DeviceStatus(Health.UNAVAILABLE, Reason.GARBLED if garbled else Reason.SILENT, why)
