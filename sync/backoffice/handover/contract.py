"""What any way of handing over gets and answers. An integrator adds a way with one class. Not for: how it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.core.texts import Language


@dataclass(frozen=True, repr=False)
class Notice:
    """That an answer is there, for one person; holds nothing of the attest itself.

    Attributes:
        address: e-mail address of the person.
        title: of the attest, in `language`.
        municipality: in `language`.
        collect_until: the last day on which it can be collected.
        ready: False when the register has nothing to give and a counter must help.
        message_id: of the request, so that a second try is seen to be the same message.
    """

    address: str
    language: Language
    title: str
    municipality: str
    collect_until: date
    ready: bool
    message_id: str


@dataclass(frozen=True, repr=False)
class Delivery:
    """A finished document for one person's eBox.

    Attributes:
        attest_id: UUID; name of the files.
        national_number: eleven digits, whose eBox.
        pdf: sealed.
    """

    attest_id: str
    number: str
    product: str
    language: Language
    title: str
    national_number: str
    valid_until: date
    pdf: bytes


@dataclass(frozen=True)
class HandedOver:
    """It is with whoever brings it further."""


@dataclass(frozen=True)
class NotHandedOver:
    """It is not, and will be tried again.

    Attributes:
        detail: kind of failure for the log; never personal.
    """

    detail: str


class Notifier(Protocol):
    """A way to tell somebody."""

    def notify(self, notice: Notice) -> HandedOver | NotHandedOver:
        """Send one notice; blocks for a bounded time, never raises."""
        ...


class Handover(Protocol):
    """A way to give somebody a document."""

    def hand_over(self, delivery: Delivery) -> HandedOver | NotHandedOver:
        """Give one document away; the same document twice is one document. Never raises."""
        ...
