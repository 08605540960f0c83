"""Settings of the back office, with their units, ranges and reasons.

Not for: facts of the municipality (`site`) or addresses and ports (arguments of `serve`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

_RANGES: dict[str, tuple[int, int]] = {
    "chunk_size": (1, 50),
    "reserve_size": (1, 500),
    "reserve_days": (0, 14),
    "max_open_chunks": (2, 20),
    "code_minutes": (1, 1440),
    "code_tries": (1, 20),
    "lockout_tries": (3, 20),
    "lockout_minutes": (1, 1440),
    "session_idle_minutes": (5, 1440),
    "max_credit_sec": (0, 3600),
    "request_age_sec": (30, 3600),
    "offline_after_sec": (15, 3600),
    "beat_sec": (1, 30),
    "attest_certificate_days": (30, 90),
    "attest_request_days": (1, 365),
    "attest_retention_days": (1, 36_500),
    "report_days": (1, 365),
    "argon2_memory_kib": (1024, 1_048_576),
    "argon2_rounds": (1, 10),
}


@dataclass(frozen=True)
class BackOfficeSettings:
    """What an installation may tune; the defaults suit a municipality.

    Attributes:
        chunk_size: numbers in a working lease; small keeps printed numbers near order of arrival.
        reserve_size: numbers in the reserve lease of one column, queue and day.
        reserve_days: days ahead, after today, for which a reserve is given.
        max_open_chunks: working chunks of one column, queue and day of which no number was seen used yet; more are
            not given but sent again, so that answers lost on the way cannot burn the numbers of a day.
        code_minutes: how long an enrolment code is valid.
        code_tries: wrong tries after which a code is dead.
        lockout_tries: wrong passwords in a row after which an account is locked.
        lockout_minutes: how long it stays locked.
        session_idle_minutes: a staff session ends after so long without use; a call screen must not log out mid-queue.
        max_credit_sec: the most a class of visitors may be put forward (S8: bounded privilege).
        request_age_sec: a signed request older or newer than this is refused.
        offline_after_sec: a column not heard of for so long is shown as off line.
        beat_sec: distance between two signs of life on a live stream.
        attest_certificate_days: life of the certificate of a column's sealing key; short, for a stolen column.
        attest_request_days: after so long, what a request for an attest says of a person is erased.
        attest_retention_days: after so long, what an issued attest says of a person is erased.
        report_days: after so long, what a column sent of its state and its log is erased.
        argon2_memory_kib: memory of one password hash.
        argon2_rounds: passes over that memory.
        secure_cookies: cookies only over HTTPS, with the `__Host-` prefix; off only for loopback and tests.

    Raises:
        ValueError: naming the setting and its range.
    """

    chunk_size: int = 5
    reserve_size: int = 100
    reserve_days: int = 7
    max_open_chunks: int = 3
    code_minutes: int = 30
    code_tries: int = 5
    lockout_tries: int = 5
    lockout_minutes: int = 15
    session_idle_minutes: int = 720
    max_credit_sec: int = 900
    request_age_sec: int = 300
    offline_after_sec: int = 90
    beat_sec: int = 10
    attest_certificate_days: int = 60
    attest_request_days: int = 30
    attest_retention_days: int = 365
    report_days: int = 30
    argon2_memory_kib: int = 65_536
    argon2_rounds: int = 3
    secure_cookies: bool = False

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self) if f.name in _RANGES):
            low, high = _RANGES[name]
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}, but must lie between {low} and {high}")
