"""A town that issues attests, for journey tests: from the card, with a PIN, with a fee, and from a register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.core.attests import (
    AttestField,
    AttestProduct,
    DeliveryWay,
    Kind,
    RegisterAnswered,
    RegisterData,
    Signing,
    Use,
)
from kiosk.core.catalogue import Offer, Service, Site, WayKind
from kiosk.core.purposes import Level, Purpose
from tests.journeys.world import everywhere, service, small_site

FREE = Use("bank", everywhere("Bank"))
PAID = Use("other", everywhere("Other"), 200)


def product(id: str, kind: Kind = Kind.RESIDENCE, *uses: Use, **changes: object) -> AttestProduct:
    """An attest of this town."""
    facts = {
        Kind.HOUSEHOLD: (AttestField.ADDRESS,),
        Kind.LIFE: (AttestField.SURNAME, AttestField.SEEN_ON),
        Kind.NATIONALITY: (AttestField.SURNAME, AttestField.NATIONALITY),
    }
    base = AttestProduct(
        id=id,
        title=everywhere(f"attest {id}"),
        kind=kind,
        purpose="who-pin" if kind is Kind.LIFE else "who",
        uses=uses or (FREE,),
        languages=("nl", "fr"),
        validity_days=90,
        who=everywhere("for all"),
        legal=everywhere("law"),
        facts=facts.get(kind, (AttestField.SURNAME, AttestField.ADDRESS)),
    )
    return replace(base, **changes)


def offers(id: str) -> Service:
    """A service that gives that attest, and a way beside it."""
    return service(f"{id}-service", Offer(WayKind.ATTEST, attest=id), Offer(WayKind.PHONE, phone="0800"))


def attest_town(*products: AttestProduct, deliveries: tuple[DeliveryWay, ...] = tuple(DeliveryWay)[1:]) -> Site:
    """A town with these attests, each with a service, and one to collect."""
    collect = service("collect-service", Offer(WayKind.COLLECT, purpose="who"), Offer(WayKind.PHONE, phone="0800"))
    fields = ("name", "address", "national_number")
    purposes = tuple(
        Purpose(name, everywhere(name), fields, level, everywhere("why"), basis=everywhere("law"))
        for name, level in (("who", Level.CARD), ("who-pin", Level.PIN))
    )
    return replace(
        small_site(*(offers(each.id) for each in products), collect),
        purposes=purposes,
        attests=products,
        signing=Signing("0000000097", "An Voorbeeld", everywhere("Officer")),
        postal_codes=("2600",),
        deliveries=deliveries,
    )


def household(*, paid: bool = False) -> RegisterAnswered:
    """What a register says of two people at one address."""
    rows = tuple(
        {"SURNAME": "Voorbeeld", "GIVEN_NAMES": name, "BIRTH_DATE": born, "RELATION": relation}
        for name, born, relation in (("An", "1980-02-29", "reference"), ("Bo", "2010-01-05", "child"))
    )
    data = RegisterData(date(2026, 11, 23), {"ADDRESS": "Voorbeeldstraat 1, 2600 Antwerpen"}, {"MEMBERS": rows})
    return RegisterAnswered(data, "request-1", "household", "bank", "nl", paid)
