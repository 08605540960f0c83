"""Whether attests can be sealed today, and until when.

Not for: the attests that were issued.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row

ATTESTS = Row(
    "certificates.attests", "attests", "the certificate that seals attests counts today and is not at its end"
)

SOON = timedelta(days=7)
"""Renewal begins when a third of its life, ten days or more, is left: by now it should have worked."""
_RENEWED = "it is renewed on line by itself; look why the column is not on line"


def _attests(column: Examined) -> Iterator[Finding]:
    from kiosk.attesting import ATTEST_FOLDER
    from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey
    from sync.client.sealing_keys import load_sealing_key

    if column.config.site.signing is None:
        yield ATTESTS.ok("the site issues none")
        return
    now = column.now()
    try:
        key = FileAttestKey.load(column.identity / ATTEST_FOLDER)
    except NoAttestKey as error:
        yield ATTESTS.broken(str(error), "let the column reach its back office once")
        return
    until = f"{key.valid_to:%d.%m.%Y}"
    if not key.valid_from <= now < key.valid_to:
        yield ATTESTS.broken(f"the certificate counts from {key.valid_from:%d.%m.%Y} to {until}", _RENEWED)
    elif load_sealing_key(column.identity, now) is None:
        yield ATTESTS.broken("no key to seal personal data to", "make one with `zuil backoffice sealing-key`")
    elif key.valid_to - now < SOON:
        yield ATTESTS.attention(f"the certificate ends on {until}", _RENEWED)
    else:
        yield ATTESTS.ok(f"sealed with a certificate that counts until {until}")


CHECKS: tuple[Check[Examined], ...] = (Check((ATTESTS,), _attests),)
