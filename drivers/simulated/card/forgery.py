"""Chips with something wrong in their memory: changed, exchanged, copied.

Not for: cards that misbehave on the line (`faulty`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from drivers.simulated.card.chip import AUTHENTICATION_KEY, BASIC_KEY, SIGNATURE_KEY, Chip
from drivers.simulated.card.faults import CardFault
from drivers.simulated.card.files import Place
from drivers.simulated.card.keys import PrivateKey, curve_key, rsa_key
from drivers.simulated.card.people import people
from drivers.simulated.card.personalise import personalise
from drivers.simulated.card.photo import portrait

SOMEBODY_ELSE = "other-municipality"
"""Whose address a forger puts on a card; theirs, in turn, get the first grown-up's."""

_CHANGED: dict[CardFault, tuple[Place, int]] = {
    CardFault.IDENTITY_CHANGED: (Place.IDENTITY, 3),
    CardFault.ADDRESS_CHANGED: (Place.ADDRESS, 2),
    CardFault.PHOTO_CHANGED: (Place.PHOTO, -100),
    CardFault.SIGNATURE_CHANGED: (Place.IDENTITY_SIGNATURE, 40),
    CardFault.CERTIFICATE_CHANGED: (Place.CERT_REGISTER, 15),
}
"""File, and the byte of it that is changed; each still parses."""


def forged(chip: Chip, fault: CardFault, today: date) -> Chip:
    """The chip with that wrong with it; the very same when the fault is none of the memory."""
    if fault in _CHANGED:
        place, at = _CHANGED[fault]
        return _with_files(chip, {place: _one_bit_off(chip.files[place], at)})
    make = _FORGERIES.get(fault)
    return make(chip, today) if make else chip


def _one_bit_off(content: bytes, at: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 0x01
    return bytes(changed)


def _wrong_photo(chip: Chip, _: date) -> Chip:
    return _with_files(chip, {Place.PHOTO: portrait("somebody else", chip.traits.photo_size)})


def _foreign_address(chip: Chip, today: date) -> Chip:
    everybody = people(today)
    other = personalise(replace(everybody[SOMEBODY_ELSE], generation=chip.generation))
    if other.serial == chip.serial:
        other = personalise(replace(everybody["adult"], generation=chip.generation))
    return _with_files(chip, {place: other.files[place] for place in (Place.ADDRESS, Place.ADDRESS_SIGNATURE)})


def _foreign_key(chip: Chip, _: date) -> Chip:
    return _with_keys(chip, (AUTHENTICATION_KEY, SIGNATURE_KEY))


def _copied(chip: Chip, _: date) -> Chip:
    return _with_keys(chip, tuple(chip.keys))


_FORGERIES: Mapping[CardFault, Callable[[Chip, date], Chip]] = {
    CardFault.WRONG_PHOTO: _wrong_photo,
    CardFault.FOREIGN_ADDRESS: _foreign_address,
    CardFault.FOREIGN_KEY: _foreign_key,
    CardFault.COPIED_CHIP: _copied,
}


def _with_files(chip: Chip, files: dict[Place, bytes]) -> Chip:
    return replace(chip, files={**chip.files, **files})


def _with_keys(chip: Chip, references: tuple[int, ...]) -> Chip:
    """The chip with keys of its own in place of those the certificates were made for."""
    bits = chip.traits.rsa_bits
    fresh: dict[int, PrivateKey] = {
        reference: rsa_key("forger", bits) if bits and reference != BASIC_KEY else curve_key("forger")
        for reference in references
        if reference in chip.keys
    }
    return replace(chip, keys={**chip.keys, **fresh})
