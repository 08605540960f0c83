"""A real process is killed (SIGKILL) at each point of a payment and of its undoing, over every protocol.

The points are counted by a run without a kill, so none is forgotten. `make soak` does the same for every script, with
the points inside each transaction, and at random moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.payment_saga import PaymentState
from tests.payments.cuts import PROTOCOLS
from tests.payments.killing import GOES_ON, Kill, Lives, column, judged, lives
from tests.payments.points import LATE
from tests.payments.till import FEE

pytestmark = pytest.mark.timeout(240)
INSIDE = "before COMMIT"
IN_A_TRANSACTION = 3
"""Points: before, inside, after."""
ENDS = {PaymentState.FAILED, PaymentState.REVERSED, PaymentState.REFUND_DUE}
"""Where an attempt may stand whose column was killed and whose citizen has gone."""


@pytest.fixture(scope="module")
def making() -> Iterator[Lives]:
    with lives() as process:
        yield process


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_killed_at_every_point_nobody_is_charged_for_nothing(making: Lives, tmp_path: Path, protocol: str) -> None:
    with column(making, protocol, tmp_path) as at:
        whole = at.killed(Kill(give_back=True))
        assert (whole.killed, whole.owed, whole.states) == (False, (), (PaymentState.REVERSED,))
        assert {"message about to leave", "message sent", "message came", INSIDE} <= set(whole.points)
        for number, name in enumerate(whole.points, 1):
            if name == INSIDE:
                continue
            after = at.killed(Kill(at=number, give_back=True))
            assert after.killed, f"point {number}, {name}"
            assert after.owed == (), f"point {number}, {name}"
            assert set(after.states) <= ENDS, f"point {number}, {name}"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_next_start_may_be_killed_too(making: Lives, tmp_path: Path, protocol: str) -> None:
    """Booked, and nobody knows: asked, undone, and killed on the way at every fifth point of that."""
    with column(making, protocol, tmp_path, GOES_ON) as at:
        paying = at.killed(Kill()).points
        number = 1 + max(place for place, name in enumerate(paying) if name == "message came")
        start = at.killed(Kill(at=number))
        assert (start.states, start.bookings) == ((PaymentState.REVERSED,), 1)
        for again in range(1, len(start.points) + 1, 5):
            after = at.killed(Kill(at=number, again=again))
            assert (after.owed, after.bookings) == ((), 1), f"point {again}, {start.points[again - 1]}"
            assert set(after.states) <= ENDS


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_judge_sees_a_note_that_is_written_after_sending(making: Lives, tmp_path: Path, protocol: str) -> None:
    """The control: killed between the message and its late note, the next start believes that nothing was sent."""
    with column(making, protocol, tmp_path, GOES_ON) as at:
        whole = at.killed(Kill(late=True))
        assert whole.owed == (), "nobody notices while nothing goes wrong"
        number = 1 + whole.points.index("message sent" + LATE)
        late = at.killed(Kill(at=number, late=True))
        right = at.killed(Kill(at=number + IN_A_TRANSACTION))  # the note comes before the message
        assert (late.states, late.bookings) == ((PaymentState.FAILED,), 1)
        assert late.owed == (f"charged {FEE.amount_cents} cents, of which we know 0: ['failed']",)
        assert (right.states, right.owed) == ((PaymentState.REVERSED,), ())


@pytest.mark.parametrize(
    ("states", "booked", "balance", "found"),
    [
        ([], 0, 0, 0),
        ([PaymentState.SPENT], 1, 1250, 0),
        ([PaymentState.FAILED], 1, 1250, 1),
        ([], 1, 1250, 1),
        ([PaymentState.SPENT], 2, 1250, 1),
        ([PaymentState.REFUND_DUE], 2, 2500, 2),
        ([PaymentState.SPENT], 1, 0, 1),
        ([PaymentState.UNKNOWN], 0, 0, 1),
        ([PaymentState.CASE], 1, 1250, 0),
    ],
)
def test_what_the_judge_says(states: list[PaymentState], booked: int, balance: int, found: int) -> None:
    assert len(judged(states, booked, balance)) == found
