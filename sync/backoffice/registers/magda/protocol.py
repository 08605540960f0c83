"""Questions and answers of the platform as bytes: SOAP, `Verzoek` and `Repliek`. Pure.

Form: offline-sync notes, "Belgian registers". A 200 with an exception of type FOUT is a failure; an answer counts only
when it carries the reference of the question. Not for: sending (`transport`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from sync.backoffice.registers.magda.services import Service
from sync.backoffice.registers.magda.xml import child, children, parse, text

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FAULT = "FOUT"


@dataclass(frozen=True, repr=False)
class Question:
    """One question about one person.

    Attributes:
        sender: identification of the asking application.
        capacity: code of the authorisation, `Hoedanigheid`.
        reference: comes back in the answer.
        asked_at: timezone-aware.
        national_number: eleven digits.
    """

    service: Service
    sender: str
    capacity: str
    reference: str
    asked_at: datetime
    national_number: str


@dataclass(frozen=True)
class Remark:
    """One `Uitzondering`: FOUT, WAARSCHUWING or INFORMATIE. What the platform says in words is not kept.

    Attributes:
        identification: its code.
    """

    identification: str
    type: str


@dataclass(frozen=True, repr=False)
class Reply:
    """An answer that belongs to its question.

    Attributes:
        content: `Inhoud`, or None.
        remarks: of the message and of the answer, in order.
    """

    content: Element | None
    remarks: tuple[Remark, ...]

    @property
    def fault(self) -> Remark | None:
        """The first exception of type FOUT."""
        return next((remark for remark in self.remarks if remark.type == FAULT), None)


class WrongReply(ValueError):
    """An answer that is whole XML and not the answer to our question."""


def write_question(question: Question) -> bytes:
    """The question as a SOAP message in UTF-8."""
    envelope = Element(f"{{{SOAP}}}Envelope")
    operation = question.service.name.rpartition(".")[2]
    request = SubElement(SubElement(SubElement(envelope, f"{{{SOAP}}}Body"), operation), "Verzoek")
    context = SubElement(request, "Context")
    leaf(context, "Naam", question.service.name)
    leaf(context, "Versie", question.service.version)
    message = SubElement(context, "Bericht")
    leaf(message, "Type", "VRAAG")
    write_moment(message, question.asked_at)
    sender = SubElement(message, "Afzender")
    leaf(sender, "Identificatie", question.sender)
    leaf(sender, "Referte", question.reference)
    leaf(sender, "Hoedanigheid", question.capacity)
    asked = SubElement(SubElement(request, "Vragen"), "Vraag")
    leaf(asked, "Referte", question.reference)
    leaf(SubElement(SubElement(asked, "Inhoud"), "Criteria"), "INSZ", question.national_number)
    return written(envelope)


def read_reply(data: bytes, question: Question) -> Reply:
    """The answer to `question`.

    Raises:
        xml.NotOurXml: for bytes that cannot be read.
        WrongReply: for another message, or an answer to another question.
    """
    body = child(parse(data), "Body")
    if child(body, "Fault") is not None:
        raise WrongReply("the platform answered with a SOAP fault")
    reply = next((found for operation in body or () if (found := child(operation, "Repliek")) is not None), None)
    if reply is None:
        raise WrongReply("an answer holds a Repliek")
    message = child(reply, "Context", "Bericht")
    if text(message, "Type") != "ANTWOORD" or text(message, "Ontvanger", "Referte") != question.reference:
        raise WrongReply("an answer has type ANTWOORD and the reference of the question")
    answer = child(reply, "Antwoorden", "Antwoord")
    if answer is not None and text(answer, "Referte") != question.reference:
        raise WrongReply("the answer belongs to another question")
    remarks = (*_remarks(reply), *_remarks(answer))
    return Reply(child(answer, "Inhoud"), remarks)


def _remarks(parent: Element | None) -> tuple[Remark, ...]:
    return tuple(
        Remark(text(found, "Identificatie")[:20], text(found, "Type")[:20])
        for found in children(child(parent, "Uitzonderingen"), "Uitzondering")
    )


def written(envelope: Element) -> bytes:
    """The bytes of a whole message, UTF-8 with a declaration."""
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True))


def write_moment(parent: Element, moment: datetime) -> None:
    """`Tijdstip`, in day and time."""
    stamp = SubElement(parent, "Tijdstip")
    leaf(stamp, "Datum", moment.date().isoformat())
    leaf(stamp, "Tijd", moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03d}")


def leaf(parent: Element, name: str, value: str) -> None:
    """An element with text."""
    SubElement(parent, name).text = value
