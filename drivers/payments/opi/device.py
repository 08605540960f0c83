"""Channel 1: what the terminal asks of our screen, printer and goods, and our answers.

Not for: what an answer should be (`desk`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from xml.etree.ElementTree import Element

from drivers.payments.opi.malformed import Malformed
from drivers.payments.opi.tickets import Ticket, read_ticket
from drivers.payments.opi.xml import add, build, child, children, clean, fact, parse

_MOST_LINES = 500
_LONGEST = 200
_TRUE = ("true", "1")


class Target(Enum):
    """Where an output is to go."""

    CASHIER_DISPLAY = "CashierDisplay"
    CUSTOMER_DISPLAY = "CustomerDisplay"
    CASHIER_TERMINAL = "CashierTerminal"
    PRINTER = "Printer"
    JOURNAL_PRINTER = "JournalPrinter"
    E_JOURNAL = "E-Journal"
    DELIVERY_BOX = "DeliveryBox"
    OTHER = ""


DISPLAYS = (Target.CASHIER_DISPLAY, Target.CUSTOMER_DISPLAY, Target.CASHIER_TERMINAL)
JOURNALS = (Target.JOURNAL_PRINTER, Target.E_JOURNAL)


class DeviceResult(Enum):
    """How it went, said to the terminal."""

    SUCCESS = "Success"
    FAILURE = "Failure"
    UNAVAILABLE = "DeviceUnavailable"


@dataclass(frozen=True)
class Output:
    """One thing to show, print, keep or hand out.

    Attributes:
        name: the target as it came; `target` is OTHER for one that we do not know.
        lines: as they came; a card number may stand in them.
        kind: TicketType, or whom the receipt is for.
        immediate: to be printed at once and always.
        ticket: the payment as data, where there is any.
    """

    target: Target
    name: str
    lines: tuple[str, ...] = ()
    kind: str = ""
    immediate: bool = False
    ticket: Ticket | None = None


@dataclass(frozen=True)
class Input:
    """A question to whoever stands at the till."""

    name: str
    command: str


@dataclass(frozen=True)
class DeviceRequest:
    """What the terminal asks; `sequence` tells two with the same id apart."""

    type: str
    request_id: str
    workstation: str
    sender: str = ""
    pop: str = ""
    sequence: str = ""
    outputs: tuple[Output, ...] = ()
    input: Input | None = None

    @property
    def base(self) -> str:
        """The request of channel 0 that it belongs to: "417" of "417.3"."""
        return self.request_id.partition(".")[0]


@dataclass(frozen=True)
class DeviceAnswer:
    """Our answer.

    Attributes:
        results: one for each output.
        confirmed: answer to the question, where there was one.
    """

    request: DeviceRequest
    results: tuple[DeviceResult, ...]
    confirmed: bool | None = None

    @property
    def overall(self) -> DeviceResult:
        """The first that is not a success."""
        return next((each for each in self.results if each is not DeviceResult.SUCCESS), DeviceResult.SUCCESS)


def decode_device_request(document: bytes) -> DeviceRequest | Malformed:
    """Read what came on channel 1."""
    root = parse(document)
    if isinstance(root, Malformed):
        return root
    if root.tag != "DeviceRequest":
        return Malformed("on channel 1 there are only requests of the kind DeviceRequest")
    asked = child(root, "Input")
    return DeviceRequest(
        type=_short(root.get("RequestType", "")),
        request_id=_short(root.get("RequestID", "")),
        workstation=_short(root.get("WorkstationID", "")),
        sender=_short(root.get("ApplicationSender", "")),
        pop=_short(root.get("POPID", "")),
        sequence=_short(root.get("SequenceID", "")),
        outputs=tuple(_output(each) for each in children(root, "Output")),
        input=Input(_short(asked.get("InDeviceTarget", "")), fact(asked, "Command")) if asked is not None else None,
    )


def encode_device_answer(answer: DeviceAnswer) -> bytes:
    """The XML document, in UTF-8; what the request named is named again."""
    request = answer.request
    root = Element("DeviceResponse", RequestType=clean(request.type), RequestID=clean(request.request_id))
    for name, value in (
        ("WorkstationID", request.workstation),
        ("ApplicationSender", request.sender),
        ("POPID", request.pop),
        ("SequenceID", request.sequence),
    ):
        if value:
            root.set(name, clean(value))
    root.set("OverallResult", answer.overall.value)
    for output, result in zip(request.outputs, answer.results, strict=True):
        add(root, "Output", OutDeviceTarget=output.name, OutResult=result.value)
    if request.input is not None and answer.confirmed is not None:
        given = add(root, "Input", InDeviceTarget=request.input.name, InResult=DeviceResult.SUCCESS.value)
        add(add(given, "InputValue"), "InBoolean", "true" if answer.confirmed else "false")
    return build(root)


def _output(element: Element) -> Output:
    name = _short(element.get("OutDeviceTarget", ""))
    target = next((each for each in Target if each.value == name), Target.OTHER)
    lines = tuple("".join(line.itertext()) for line in children(element, "TextLine"))
    return Output(
        target=target,
        name=name,
        lines=tuple(line[:_LONGEST] for line in lines[:_MOST_LINES]),
        kind=_short(element.get("TicketType", "") or element.get("ReceiptRecipient", "")),
        immediate=element.get("Immediate", "").strip().lower() in _TRUE,
        ticket=read_ticket(element) if target in JOURNALS or target is Target.PRINTER else None,
    )


def _short(text: str) -> str:
    return "".join(letter for letter in text.strip() if letter.isprintable())[:_LONGEST]
