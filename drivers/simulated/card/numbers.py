"""National numbers and card numbers that are right by their own rule and belong to nobody.

Not for: numbers of people; the month of these national numbers does not exist, as on official specimens.
"""

from __future__ import annotations

NO_SUCH_MONTH = 71
NO_SUCH_DAY = 71


def national_number(birth_year: int, serial: int) -> str:
    """Eleven digits of the test range.

    Args:
        serial: 1 to 997; odd for men, even for women.
    """
    nine = f"{birth_year % 100:02d}{NO_SUCH_MONTH}{NO_SUCH_DAY}{serial:03d}"
    counted = int(nine) if birth_year < 2000 else int("2" + nine)
    return f"{nine}{97 - counted % 97:02d}"


def card_number(serial: int) -> str:
    """Twelve digits; no card was ever numbered from 000."""
    ten = f"000{serial:07d}"
    return f"{ten}{int(ten) % 97 or 97:02d}"
