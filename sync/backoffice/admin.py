"""What the command line does to a back office's database, also while the back office runs.

Not for: the back office itself; these open the database as a guest and close it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sync.backoffice import enrolment, kiosks, staff
from sync.backoffice.core import BackOffice, open_back_office
from sync.backoffice.database import Database
from sync.backoffice.migrations import REVISIONS, prepare
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import SiteInfo

if TYPE_CHECKING:
    from kiosk.core.commands import Plain
    from sync.backoffice.columns import ColumnCard
    from sync.backoffice.commands import CommandCard
    from sync.backoffice.reports import Report
    from sync.protocol.invitation import Invitation


@contextmanager
def visiting(database_url: str, site: SiteInfo, settings: BackOfficeSettings | None = None) -> Iterator[BackOffice]:
    """A back office without a server, for the length of the block; the database is brought up to date first.

    Raises:
        UnsupportedDatabase, NewerSchema: as `create_app`.
    """
    database = Database(database_url, guest=True)
    try:
        prepare(database)
        yield open_back_office(database, site, settings or BackOfficeSettings())
    finally:
        database.close()


def migrate(database_url: str) -> str:
    """Bring a database up to date; the schema version it then has."""
    database = Database(database_url)
    try:
        prepare(database)
    finally:
        database.close()
    return REVISIONS[-1]


def create_user(
    database_url: str, site: SiteInfo, login: str, name: str, password: str, role: str | None = None
) -> str:
    """Make a staff account, or give an existing one a new password; its id. Raises `InvalidAccount`."""
    with visiting(database_url, site) as office:
        return staff.create_user(office, login, name, password, role)


def enrol_code(database_url: str, site: SiteInfo, office_id: str) -> str:
    """A one-time code for one more column in that office. Raises `UnknownOffice`."""
    with visiting(database_url, site) as office:
        return enrolment.new_enrolment_code(office, office_id)


def invitation(database_url: str, site: SiteInfo, office_id: str, url: str) -> Invitation:
    """The same with the back office's address and the thumbprint of its key, for a QR code. Raises `UnknownOffice`."""
    from sync.protocol.invitation import Invitation, thumbprint

    with visiting(database_url, site) as office:
        code = enrolment.new_enrolment_code(office, office_id)
        return Invitation(url, code, thumbprint(office.key.public))


def check_of(database_url: str, site: SiteInfo, code: str) -> tuple[str, str] | None:
    """Suffix and six check digits of the column that used this code, or None while none did."""
    with visiting(database_url, site) as office:
        return enrolment.check_of(office, code)


def revoke(database_url: str, site: SiteInfo, kiosk_id: str, drain_hours: int = 0, by: str = "") -> bool:
    """Refuse a column from now on, its last events after `drain_hours`; False when there is no such column."""
    with visiting(database_url, site) as office:
        return kiosks.revoke_kiosk(office, kiosk_id, drain_hours, by)


def columns(database_url: str, site: SiteInfo) -> list[ColumnCard]:
    """Every column there ever was, by building."""
    from sync.backoffice.columns import column_cards

    with visiting(database_url, site) as office, office.database.read() as connection:
        return column_cards(office, connection)


def column_id(database_url: str, site: SiteInfo, name: str) -> str:
    """Id of a column by one of its names. Raises `UnknownColumn`."""
    from sync.backoffice.columns import find_column

    with visiting(database_url, site) as office:
        return find_column(office, name)


def command(
    database_url: str, site: SiteInfo, column: str, kind: str, arguments: Mapping[str, Plain], by: str, hours: int
) -> str:
    """Give a column a command; the command's id. Raises `UnknownColumn`, `BadCommand`."""
    from sync.backoffice.columns import find_column
    from sync.backoffice.commands import give_command

    with visiting(database_url, site) as office:
        return give_command(office, find_column(office, column), kind, arguments, by, hours)


def commands_of(database_url: str, site: SiteInfo, column: str) -> list[CommandCard]:
    """The latest commands of a column and how they ended. Raises `UnknownColumn`."""
    from sync.backoffice.columns import find_column
    from sync.backoffice.commands import command_cards

    with visiting(database_url, site) as office:
        kiosk_id = find_column(office, column)
        with office.database.read() as connection:
            return command_cards(office, connection, kiosk_id)


def report(database_url: str, site: SiteInfo, command_id: str) -> Report | None:
    """What a column sent because of a command, or None."""
    from sync.backoffice.reports import find_report

    with visiting(database_url, site) as office:
        return find_report(office, command_id)


def publish_site(database_url: str, site: SiteInfo, folder: Path, by: str) -> int:
    """Publish a folder as the newest version; its version. Raises `CannotPack`, `CannotPublish`."""
    from sync.backoffice.releases import publish
    from sync.protocol.packing import pack_folder

    packed = pack_folder(folder)
    with visiting(database_url, site) as office:
        return publish(office, packed, by)


def set_setting(
    database_url: str, site: SiteInfo, column: str, name: str, value: str | int | bool | None, by: str
) -> int:
    """Set one setting of a column, or take it back; the version. Raises `UnknownColumn`, `CannotPublish`."""
    from sync.backoffice.columns import find_column
    from sync.backoffice.releases import set_for_column

    with visiting(database_url, site) as office:
        return set_for_column(office, find_column(office, column), name, value, by)


def trust_list(database_url: str, site: SiteInfo) -> bytes:
    """The signed trust list as a file that can be carried. Raises `NoAuthority`."""
    from sync.backoffice.trust import trust_file

    with visiting(database_url, site) as office:
        return trust_file(office).body


def revoke_attest(database_url: str, site: SiteInfo, number: str, reason: str, by: str) -> None:
    """Take an attest back by its printed number. Raises `UnknownAttest`, `WrongState`."""
    from sync.backoffice.attests import find_attest
    from sync.backoffice.trust import UnknownAttest, revoke_attest

    with visiting(database_url, site) as office:
        attest_id = find_attest(office, number)
        if attest_id is None:
            raise UnknownAttest(f"there is no attest {number!r}; type the number as on the paper")
        revoke_attest(office, attest_id, reason, by)


def sealing_key(database_url: str, site: SiteInfo, file: Path) -> str:
    """Make a key that personal data are sealed to, its private half into a new file; its kid. Raises OSError."""
    from sync.backoffice.sealing_keys import make_sealing_key

    with visiting(database_url, site) as office:
        return make_sealing_key(office, file)


def office_key(database_url: str, site: SiteInfo, folder: Path) -> None:
    """Make and certify the key that seals documents made centrally, in a folder. Raises `NoAuthority`, OSError."""
    from sync.backoffice.authority import make_office_key

    with visiting(database_url, site) as office:
        make_office_key(office, folder)


def redact(database_url: str, site: SiteInfo) -> int:
    """Erase the sealed text whose time is over; of how many events."""
    from sync.backoffice.retention import redact

    with visiting(database_url, site) as office:
        return redact(office)
