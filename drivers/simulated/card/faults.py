"""What can go wrong with a card, by name. Not for: what then happens (`faulty`, `forgery`)."""

from __future__ import annotations

from enum import Enum


class CardFault(Enum):
    """A fault that can be switched on at any moment; the value is its name everywhere."""

    PULLED_MID_READ = "pulled-mid-read"
    PULLED_AT_PIN = "pulled-at-pin"
    MUTE = "mute"
    MUTE_MID_READ = "mute-mid-read"
    SLOW = "slow"
    GARBAGE = "garbage"
    EXTRA_6C = "extra-6c"
    EXTRA_61 = "extra-61"
    ENDLESS_61 = "endless-61"
    ENDLESS_FILE = "endless-file"
    PIN_BLOCKED = "pin-blocked"
    IDENTITY_CHANGED = "identity-changed"
    ADDRESS_CHANGED = "address-changed"
    PHOTO_CHANGED = "photo-changed"
    SIGNATURE_CHANGED = "signature-changed"
    CERTIFICATE_CHANGED = "certificate-changed"
    WRONG_PHOTO = "wrong-photo"
    FOREIGN_ADDRESS = "foreign-address"
    FOREIGN_KEY = "foreign-key"
    COPIED_CHIP = "copied-chip"


CARD_FAULTS: dict[str, str] = {
    CardFault.PULLED_MID_READ.value: "Somebody pulls the card in the middle of reading.",
    CardFault.PULLED_AT_PIN.value: "Somebody pulls the card at the very moment the PIN reaches it.",
    CardFault.MUTE.value: "The contacts are dirty: no answer to reset, no answer to anything.",
    CardFault.MUTE_MID_READ.value: "The card falls mute in the middle of reading, each time it is powered.",
    CardFault.SLOW.value: "Every answer takes a third of a second.",
    CardFault.GARBAGE.value: "Answers every command with noise.",
    CardFault.EXTRA_6C.value: "Wants every reading command a second time, with the length it names.",
    CardFault.EXTRA_61.value: "Hands out every answer in pieces that must be fetched.",
    CardFault.ENDLESS_61.value: "Always offers more data to fetch.",
    CardFault.ENDLESS_FILE.value: "Its files never end.",
    CardFault.PIN_BLOCKED.value: "The PIN is blocked.",
    CardFault.IDENTITY_CHANGED.value: "One bit of the identity file was changed.",
    CardFault.ADDRESS_CHANGED.value: "One bit of the address file was changed.",
    CardFault.PHOTO_CHANGED.value: "One bit of the photo was changed.",
    CardFault.SIGNATURE_CHANGED.value: "One bit of the register's signature over the identity was changed.",
    CardFault.CERTIFICATE_CHANGED.value: "One bit of the register's certificate was changed.",
    CardFault.WRONG_PHOTO.value: "The photo is a good one, of somebody else.",
    CardFault.FOREIGN_ADDRESS.value: "Address and its signature are genuine, and of another card.",
    CardFault.FOREIGN_KEY.value: "Challenges are signed with a key that is not the certificate's.",
    CardFault.COPIED_CHIP.value: "Every file was copied from a genuine card to a chip that is not that card.",
}
"""What each fault does, by name, for the dock and the command line."""
