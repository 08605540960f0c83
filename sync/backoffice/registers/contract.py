"""What any register answers to a question about one person: data, a refusal, or nothing for now. All are values.

An integrator connects another platform by writing one class with this method. Not for: how a platform is spoken to
(`magda`), or who may ask (`sync.backoffice.unsealer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.core.attests import Kind, RegisterData, RegisterProblem


@dataclass(frozen=True)
class RegisterRefused:
    """The register answered that it has nothing to give; the request is settled by it."""

    problem: RegisterProblem


@dataclass(frozen=True)
class RegisterDown:
    """No answer that counts, for now: the request stays open and is asked again.

    Attributes:
        detail: technical words for the log; never personal.
    """

    detail: str


RegisterAnswer = RegisterData | RegisterRefused | RegisterDown


class Register(Protocol):
    """A register of persons."""

    def ask(self, kind: Kind, national_number: str, purpose: str, reference: str) -> RegisterAnswer:
        """What the register says of one person, for one kind of attest. Blocks, for a bounded time; never raises.

        Args:
            national_number: eleven digits.
            purpose: code of the authorisation under which is asked; the platform records it.
            reference: id of this question, unique; stands in the logs of both sides.
        """
        ...


class NoRegister:
    """Where no register is connected yet: every question stays open."""

    def ask(self, kind: Kind, national_number: str, purpose: str, reference: str) -> RegisterAnswer:  # noqa: ARG002
        """Always down."""
        return RegisterDown("no register is connected; start the unsealer with --register")
