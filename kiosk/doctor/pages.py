"""The table of every check, and the JSON form, for people: `docs/doctor.md` is written from here.

A test compares. Not for: examining.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.doctor.examination import COLUMN, FORMAT, MACHINE
from kiosk.doctor.finding import Row

_HEAD = """\
# zuil doctor

`zuil doctor [--config FILE] [--part column|machine] [--json]` looks at everything a column needs and says of each thing
OK, ATTENTION or BROKEN, what was found, and the next step. It changes nothing, prints nothing, charges nothing, and may
be run beside the kiosk: what the running kiosk holds is told from its journal. Each check has a limit of time. What
cannot be known where it is run is ATTENTION, "cannot be known because …", never OK.

Exit status: 0 when everything is OK, 1 when the worst is ATTENTION, 2 when something is BROKEN. This page is written
from the table of checks in `kiosk/doctor`.
"""

_JSON = f"""
## JSON

`--json` prints one object on standard output:

| member | what |
| --- | --- |
| `format` | {FORMAT}; rises when a member changes its meaning or goes, not when one is added |
| `version` | of the program |
| `examinedAt` | when, RFC 3339 in UTC |
| `worst` | `ok`, `attention` or `broken` |
| `findings` | array, in the order below; each with `id`, `subject`, `severity` (as `worst`), `found`, `nextStep` |

An `id` is stable and stands in the first column below; `subject`, `found` and `nextStep` are words for people and may
change. A check may be missing where an earlier one failed: without a connection nobody can say how TLS is.
"""


def doctor_page() -> str:
    """The page `docs/doctor.md`, Markdown."""
    column = (row for check in COLUMN for row in check.rows)
    machine = (row for check in MACHINE for row in check.rows)
    return _HEAD + _JSON + _table("The column", column) + _table("The machine", machine)


def _table(title: str, rows: Iterable[Row]) -> str:
    lines = "".join(f"| `{row.id}` | {row.subject} | {row.examines} |\n" for row in rows)
    return f"\n## {title}\n\n| id | subject | what is right |\n| --- | --- | --- |\n{lines}"
