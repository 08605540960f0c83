"""The Debian package lives its whole life once. Not for: telling of each step (`tests.package`)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.package.life import live
from tests.package.tree import Failed
from tests.soak.report import Row

NAME = "package: installed, killed, hung, upgraded, purged"


def lived() -> Iterator[Row]:
    """One row; what was not as it should be counts as lost."""
    steps, longest = 0, 0.0
    try:
        for seen in live():
            steps += 1
            longest = max(longest, seen.seconds or 0.0)
    except Failed as failed:
        yield Row(NAME, injections=steps, lost=1, notes=(str(failed),))
        return
    yield Row(NAME, injections=steps, recovery=longest)
