"""How many are ahead, and how sure that is."""

from __future__ import annotations

import pytest

from kiosk.core.tickets import PeopleAhead
from kiosk.core.waiting import people_ahead


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, PeopleAhead(7, exact=True)),
        (119.9, PeopleAhead(7, exact=True)),
        (120, PeopleAhead(7, exact=False)),
        (1800, PeopleAhead(7, exact=False)),
        (1800.1, None),
    ],
)
def test_count_and_certainty_follow_the_age_of_the_last_word(age: float, expected: PeopleAhead | None) -> None:
    assert people_ahead(waiting=4, own_since=3, age_seconds=age) == expected
