"""What an alarm is about, as the reader's language says it; no id, no word of a program."""

from __future__ import annotations

import pytest

from sync.backoffice.alarms import AlarmCard
from sync.backoffice.pages.alarm_words import alarm_detail
from sync.backoffice.pages.words import Words, entries
from sync.backoffice.payments import DIFFERS, PAYMENT_ALARMS
from tests.backoffice.sites import SITE


@pytest.mark.parametrize(
    ("kind", "detail", "language", "said"),
    [
        ("technicianWanted", "01a214d4-660b-71df-9657-69ca34909d71", "nl", ""),
        ("leaseExhausted", "travel 2026-11-25", "de", "Ausweis und Reisen, 25.11.2026"),
        ("leaseExhausted", "travel someday", "nl", "travel someday"),
        ("notReady", "printer terminal", "fr", "imprimante, terminal de paiement"),
        (DIFFERS, "€ 1234,56 / € 7,00", "en", "€1,234.56 / €7.00"),
        (DIFFERS, "€ 12,00 / busy", "nl", "€\u00a012,00 / niet afgesloten"),
        ("paymentCase", "TNYG-2DND-3", "fr", "TNYG-2DND-3"),
    ],
)
def test_detail_is_said_in_the_readers_words(kind: str, detail: str, language: str, said: str) -> None:
    alarm = AlarmCard(1, 1, kind, detail, 0)
    assert alarm_detail(alarm, SITE, SITE.offices[0], Words(language)) == said


def test_every_kind_of_alarm_has_its_words() -> None:
    kinds = {"printUnknown", "printFailed", "revokedKey", "notReady", "technicianWanted", "leaseExhausted", "chainFork"}
    kinds |= {"snapshotRejected", "updateRejected", "columnRetired", DIFFERS, *PAYMENT_ALARMS.values()}
    assert {kind for kind in kinds if f"alarm.{kind}" not in entries()} == set()
