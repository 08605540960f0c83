"""How a verb of the command says that it could not do what it was asked.

Not for: defects; those keep their stack of calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Failed(Exception):
    """A verb could not do its work; the text is for people and says the next step.

    Attributes:
        status: exit status; 1, or 2 when words or settings cannot be used.
    """

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


@contextmanager
def failing_on(*expected: type[Exception], status: int = 1) -> Iterator[None]:
    """Turn expected exceptions, whose texts are written for people, into `Failed`."""
    try:
        yield
    except expected as error:
        raise Failed(str(error), status) from error
