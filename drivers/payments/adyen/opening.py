"""From an address to a driver: reads the files with keys, certificate and counter. Not for: reading addresses."""

from __future__ import annotations

import os
import ssl
import tomllib
from pathlib import Path

from drivers.contract import CannotOpen, Reason
from drivers.payments.adyen.address import AdyenAddress
from drivers.payments.adyen.attempt import Timing
from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.display import Listener
from drivers.payments.adyen.driver import AdyenTerminal
from drivers.payments.adyen.numbers import FileNumbers, ServiceNumbers
from drivers.payments.adyen.session import Session
from drivers.payments.adyen.transport import HttpsTransport, read_authority

KEYS_EXAMPLE = '[[key]]\nidentifier = "kiosk-key"\nversion = 1\npassphrase = "..."\n'


class BadKeys(ValueError):
    """A file of keys that is none; the text says what would be right, and nothing of what is in it."""


def open_adyen(
    address: AdyenAddress,
    numbers: ServiceNumbers | None = None,
    timing: Timing | None = None,
    *,
    look_first: bool = True,
) -> AdyenTerminal | CannotOpen:
    """A driver for the terminal at an address; no connection is made yet.

    Args:
        numbers: of messages; None counts in the file of the address, or in a usual place.
        look_first: see `AdyenTerminal`.
    """
    limits = timing or Timing()
    try:
        keys = read_keys(address.keys)
        transport = HttpsTransport(address, read_authority(address.ca), limits.connect, limits.tick)
    except BadKeys as problem:
        return CannotOpen(Reason.NOT_CONFIGURED, str(problem), permanent=True)
    except (OSError, ValueError, ssl.SSLError):
        what = f"{address.ca} should be the file of Adyen's terminal certificates in PEM"
        return CannotOpen(Reason.NOT_CONFIGURED, what, permanent=True)
    counting = numbers or FileNumbers(address.counter or usual_counter(address.poi_id))
    news: Listener | None = None
    if address.listen is not None:
        try:
            news = Listener(keys, address.poi_id, address.listen)
        except OSError as problem:
            what = f"the port {address.listen} for news of the terminal cannot be had ({type(problem).__name__})"
            return CannotOpen(Reason.NOT_CONFIGURED, what)
    session = Session(transport, keys, counting, address.sale_id, address.poi_id)
    return AdyenTerminal(session, limits, look_first=look_first, news=news)


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, the one to lock with first.

    Raises:
        BadKeys: with the form it should have.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadKeys(f"{path} cannot be read ({type(problem).__name__}); it should be:\n{KEYS_EXAMPLE}") from None
    listed = tree.get("key")
    if not isinstance(listed, list) or not listed or set(tree) != {"key"}:
        raise BadKeys(f"{path} should hold one key or more:\n{KEYS_EXAMPLE}")
    return tuple(_key(path, each) for each in listed)


def usual_counter(poi_id: str) -> Path:
    """Where the numbers are counted when nothing else is set."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "zuil" / "adyen" / f"{poi_id}.counter"


def _key(path: Path, entry: object) -> Key:
    if not isinstance(entry, dict) or set(entry) != {"identifier", "version", "passphrase"}:
        raise BadKeys(f"a key in {path} should have identifier, version and passphrase:\n{KEYS_EXAMPLE}")
    identifier, version, passphrase = entry["identifier"], entry["version"], entry["passphrase"]
    if not isinstance(identifier, str) or not isinstance(passphrase, str) or not identifier or not passphrase:
        raise BadKeys(f"identifier and passphrase in {path} should be texts")
    if not passphrase.isascii():
        raise BadKeys(f"the passphrase in {path} should have ASCII letters only: programs do not agree on others")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise BadKeys(f"the version of a key in {path} should be a whole number, as Adyen shows it")
    return Key(identifier, version, passphrase)
