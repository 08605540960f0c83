"""Card readers as pcscd calls them. Not for: cards."""

from __future__ import annotations

from drivers.cards.transports.pcsc import NO_READER_ADVICE, NO_SERVICE_ADVICE
from kiosk.setup.found import Readers


def readers_of_pcscd(plugged: tuple[str, ...] = ()) -> Readers:
    """Names of the readers pcscd serves.

    Args:
        plugged: readers that are seen on USB.
    """
    from smartcard import scard

    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return Readers((), plugged, NO_SERVICE_ADVICE)
    try:
        code, names = scard.SCardListReaders(context, [])
    finally:
        scard.SCardReleaseContext(context)
    found = tuple(str(name) for name in names) if code == scard.SCARD_S_SUCCESS else ()
    return Readers(found, plugged, "" if found else NO_READER_ADVICE)
