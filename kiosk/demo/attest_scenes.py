"""The pages around attests and their fees, by name.

Not for: how to get to a page (`scenes`), collecting them (`collect`), or what the attest desk answers (`told_attests`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from drivers.card_contract import Document, DocumentKind, PartialDate
from drivers.contract import Reason, Refused, Unknown
from kiosk.core.attests import NoRequest, RegisterAnswered, RegisterData, RegisterProblem, RegisterReply, RegisterWaits
from kiosk.demo.rehearsal import BROKEN
from kiosk.demo.scenes import Scene, Step, key, pull, put_in, touch, type_in
from kiosk.demo.told_attests import ToldAttests
from kiosk.demo.told_cards import ToldCards, invented_person
from kiosk.demo.told_payments import PAYMENT, ToldCounter, ToldTerminal
from kiosk.documents.seal_contract import MissingGlyph
from kiosk.fees import NoFees
from kiosk.journeys.ports import MaybePaid, NotPaid, Paid, Progress

_CODE = "7K3M-9QXA-B"
"""Its check character is right."""


def _of_here() -> ToldCards:
    """Somebody who lives here."""
    person = invented_person()
    return ToldCards(person=replace(person, national_number="54682600178"))


def _with(**changes: object) -> Callable[[], ToldCards]:
    return lambda: ToldCards(person=replace(_of_here().person, **changes))  # type: ignore[arg-type]


def _expired() -> ToldCards:
    document = Document(DocumentKind.CITIZEN, date(2014, 5, 17), date(2024, 5, 17))
    return _with(document=document)()


def _reply(reply: RegisterReply) -> Callable[[ToldAttests], None]:
    def told(attests: ToldAttests) -> None:
        attests.reply = reply

    return told


def _never(attests: ToldAttests) -> None:
    attests.released.clear()


def _unprintable(attests: ToldAttests) -> None:
    attests.cannot = MissingGlyph(("U+1F600",))


def _off_line(attests: ToldAttests) -> None:
    attests.address = None


def _household(count: int) -> RegisterAnswered:
    """So many people at one address."""
    names = ("Marie-Anneleen Godelieve", "Łucja", "Wout", "Noor", "Ștefan", "Fien", "Lars", "Ğül", "Jef", "Zoë")
    rows = tuple(
        {
            "SURNAME": "Vandenbroucke-Test",
            "GIVEN_NAMES": name,
            "BIRTH_DATE": f"{1954 + 7 * at}-08-26",
            "RELATION": "reference" if at == 0 else "child",
        }
        for at, name in enumerate(names[:count])
    )
    facts = {
        "SURNAME": "Vandenbroucke-Test",
        "GIVEN_NAMES": "Marie-Anneleen Godelieve",
        "BIRTH_DATE": "1954-08-26",
        "ADDRESS": "Grotesteenweg 1042 bus 12, 2600 Antwerpen",
    }
    data = RegisterData(date(2026, 11, 23), facts, {"MEMBERS": rows})
    return RegisterAnswered(data, "00000000-0000-4000-8000-000000000001", "household", "social", "nl")


_HOME, _FAMILY, _COLLECT = "residence-attest", "household-composition", "collect-attest"
_REVIEW: tuple[Step, ...] = (touch("bank"), put_in())
_MADE = (*_REVIEW, touch("make"))
_PIN = (put_in(), key("1234"), touch("confirm"))
_ASK = (touch("social"), *_PIN)
_ASKED = (*_ASK, touch("ask"))
_TO_PAY = (touch("other"), *_PIN, touch("ask", "make"), pull)
_CODED = (type_in(_CODE), touch("go_on"), *_PIN)

_TERMINALS = {
    "paying": ToldTerminal(),
    "paying-pin-wrong": ToldTerminal(Progress.PIN_WRONG),
    "paying-bank": ToldTerminal(Progress.ASKING_BANK),
    "paying-checking": ToldTerminal(Progress.CHECKING),
    "not-paid": ToldTerminal(result=NotPaid("declined")),
    "maybe-paid": ToldTerminal(result=MaybePaid(PAYMENT)),
}


def _paying(terminal: ToldTerminal) -> Scene:
    steps = (*_TO_PAY, touch("pay"))
    return Scene(_FAMILY, steps, _of_here, _reply(_household(4)), {"payments": lambda: terminal})


_NO_TERMINAL = {"payments": NoFees}
_PAID_NO_PAPER = {
    "payments": lambda: ToldTerminal(result=Paid(PAYMENT)),
    "sheet": Refused(Reason.PAPER_OUT),
    "printer": BROKEN,
}


def _at_counter(*steps: Step, result: Paid | NotPaid | None = None) -> Scene:
    counter = ToldCounter(result or NotPaid("not_yet"))
    changes = {**_NO_TERMINAL, "counter_fees": lambda: counter}
    return Scene(_FAMILY, (*_TO_PAY, *steps), _of_here, _reply(_household(4)), changes)


ATTEST_SCENES: dict[str, Scene] = {
    "attest-uses": Scene(_HOME, cards=_of_here),
    "attest-review": Scene(_HOME, _REVIEW, _of_here),
    "attest-wrong": Scene(_HOME, (*_REVIEW, touch("wrong")), _of_here),
    "attest-expired": Scene(_HOME, _REVIEW, _expired),
    "attest-too-young": Scene(_HOME, _REVIEW, _with(birth_date=PartialDate(2018, 3, 4))),
    "attest-elsewhere": Scene(_HOME, _REVIEW, _with(address=None)),
    "attest-unprintable": Scene(_HOME, _REVIEW, _of_here, _unprintable),
    "attest-take-card": Scene(_HOME, _MADE, _of_here),
    "attest-printing": Scene(_HOME, (*_MADE, pull), _of_here, changes={"sheet": None}),
    "attest-confirmed": Scene(_HOME, (*_MADE, pull), _of_here),
    "attest-unknown": Scene(_HOME, (*_MADE, pull), _of_here, changes={"sheet": Unknown(Reason.SILENT)}),
    "attest-failed": Scene(_HOME, (*_MADE, pull), _of_here, changes={"sheet": Refused(Reason.PAPER_OUT)}),
    "attest-file": Scene(_HOME, (*_MADE, pull, touch("take")), _of_here),
    "attest-no-file": Scene(_HOME, (*_MADE, pull, touch("take")), _of_here, _off_line),
    "attest-ask": Scene(_FAMILY, _ASK, _of_here),
    "attest-asking": Scene(_FAMILY, _ASKED, _of_here, _never),
    "attest-household": Scene(_FAMILY, _ASKED, _of_here, _reply(_household(4))),
    "attest-household-of-ten": Scene(_FAMILY, _ASKED, _of_here, _reply(_household(10))),
    "attest-code": Scene(_FAMILY, (*_ASKED, pull), _of_here, _reply(RegisterWaits(offline=True))),
    "attest-referred": Scene(_FAMILY, (*_ASKED, pull), _of_here, _reply(RegisterProblem.REFERRED)),
    "attest-unknown-person": Scene(_FAMILY, _ASKED, _of_here, _reply(RegisterProblem.UNKNOWN_PERSON)),
    "attest-pay": Scene(_FAMILY, _TO_PAY, _of_here, _reply(_household(4))),
    **{f"attest-{name}": _paying(terminal) for name, terminal in _TERMINALS.items()},
    "attest-pay-counter": _at_counter(),
    "attest-owed": _at_counter(touch("counter")),
    "attest-slip-code": _at_counter(touch("paid_there"), type_in(_CODE)),
    **{
        f"attest-not-there-{reason}": _at_counter(
            touch("paid_there"), type_in(_CODE), touch("go_on"), result=NotPaid(reason)
        )
        for reason in ("not_yet", "no_such_code", "other_product", "over")
    },
    "attest-paid-no-paper": Scene(_FAMILY, (*_TO_PAY, touch("pay")), _of_here, _reply(_household(4)), _PAID_NO_PAPER),
    "attest-promised": Scene(
        _FAMILY, (*_TO_PAY, touch("pay", "at_counter")), _of_here, _reply(_household(4)), _PAID_NO_PAPER
    ),
    "collect-code": Scene(_COLLECT, cards=_of_here),
    "collect-wrong": Scene(_COLLECT, (type_in("7K3M-9QXA-1"),), _of_here),
    "collect-whole": Scene(_COLLECT, (type_in(_CODE),), _of_here),
    "collect-not-yet": Scene(_COLLECT, _CODED, _of_here, _reply(RegisterWaits(offline=False))),
    "collect-nothing": Scene(_COLLECT, _CODED, _of_here, _reply(NoRequest.UNKNOWN)),
}
"""Every page by name, in the order of a visit."""
