"""Answering a column that asks for updates: numbers, how full queues are, keys to seal to, commands. Also heartbeat.

Not for: events; a heartbeat is not part of the chain and may be lost.
"""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import Connection, func, literal_column, select, update

from sync.backoffice import schema
from sync.backoffice.asked import nonce_is_new, out_of_time, revoked, wrong_shape
from sync.backoffice.commands import open_orders
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.effects import set_device
from sync.backoffice.kiosks import Head, Kiosk, lock_kiosk, same_key, signed_by
from sync.backoffice.leases import top_up
from sync.backoffice.problems import Refusal
from sync.backoffice.projection import BESIDE_DEVICES
from sync.backoffice.releases import newest_version
from sync.backoffice.sealing_keys import current_keys
from sync.protocol.messages import HEARTBEAT, UpdatesRequest
from sync.protocol.signing import UPDATES

OPEN_COUNTER_MS = 15 * 60 * 1000
"""A counter counts as open for a queue when it called somebody of it so recently."""
_FINE = ("ready", "busy", "ok")


def answer_updates(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed request and answer it, signed.

    Args:
        message: the request as JSON members, as received.
    """
    try:
        request = UpdatesRequest.model_validate(message)
    except ValidationError as error:
        return wrong_shape(error)
    signer = signed_by(office, request.source, lambda key: key.verify_object(HEARTBEAT, message))
    if signer is None:
        return Refusal("invalidSignature", "the request is not signed by the key of an enrolled column")
    refusal = out_of_time(office, request.sent_at) or _out_of_shape(request)
    if refusal:
        return refusal
    with office.database.write() as connection:
        kiosk, head = lock_kiosk(connection, office.database, signer.kiosk_id, request.epoch)
        if not same_key(office, kiosk, signer):
            return Refusal("invalidSignature", "the column signs with another key by now")
        if kiosk.revoked:
            return revoked(office, kiosk, request.nonce)
        if not nonce_is_new(office, connection, kiosk.id, request.nonce):
            return Refusal("replayedRequest", "use a new nonce for every request")
        changed = _note_health(office, connection, kiosk, request)
        answer = _answer(office, connection, kiosk, head, request)
    if changed:
        office.live.changed(kiosk.office_id)
    return office.key.sign_object(UPDATES, answer)


def _out_of_shape(request: UpdatesRequest) -> Refusal | None:
    if not 0 < request.epoch < 2**31:
        return Refusal("schemaViolation", "epoch must lie between 1 and 2^31")
    texts = [request.nonce, request.app_version, *request.devices, *request.devices.values()]
    if any(len(text) > 60 or not text.isprintable() for text in texts) or len(request.devices) > 50:
        return Refusal("schemaViolation", "texts have at most 60 printable characters, devices at most 50 entries")
    return None


def _note_health(office: BackOffice, connection: Connection, kiosk: Kiosk, request: UpdatesRequest) -> bool:
    """Write down that the column lives and how its devices are; whether staff pages look different now."""
    now = office.clock()
    connection.execute(
        update(schema.kiosk)
        .where(schema.kiosk.c.id == kiosk.id)
        .values(last_seen_ms=now, app_version=request.app_version[:40])
    )
    table = schema.kiosk_device
    known = {
        str(device): str(reason)
        for device, reason in connection.execute(
            select(table.c.device, table.c.reason).where(table.c.kiosk_id == kiosk.id)
        )
        if device not in BESIDE_DEVICES
    }
    told = {device: reason for device, reason in request.devices.items() if reason.lower() not in _FINE}
    for device in known.keys() - told.keys():
        set_device(connection, office.database, kiosk.id, device, None, now)
    for device, reason in told.items():
        set_device(connection, office.database, kiosk.id, device, reason, now)
    was_away = now - kiosk.last_seen_ms > office.settings.offline_after_sec * 1000
    return was_away or told != known


def _answer(
    office: BackOffice, connection: Connection, kiosk: Kiosk, head: Head, request: UpdatesRequest
) -> dict[str, object]:
    leases = top_up(office, connection, kiosk, request.stock) if request.epoch == kiosk.epoch else []
    return {
        "source": request.source,
        "nonce": request.nonce,
        "serverTime": rfc3339(office.clock()),
        "leases": leases,
        "queues": _queue_states(office, connection, kiosk, head),
        "sealingKeys": current_keys(office, connection),
        "commands": open_orders(office, connection, kiosk.id),
        "snapshot": newest_version(office, connection),
    }


def _queue_states(office: BackOffice, connection: Connection, kiosk: Kiosk, head: Head) -> list[dict[str, object]]:
    site_office = office.site.office(kiosk.office_id)
    if site_office is None:
        return []
    waiting = _waiting(office, connection, kiosk.office_id)
    counters = _open_counters(office, connection, kiosk.office_id)
    return [
        {
            "queueId": queue.id,
            "waitingCount": waiting.get(queue.id, 0),
            "openCounters": counters.get(queue.id, 0),
            "asOf": rfc3339(office.clock()),
            "knownSequence": head.sequence,
        }
        for queue in site_office.queues
    ]


def _waiting(office: BackOffice, connection: Connection, office_id: str) -> dict[str, int]:
    table = schema.ticket.c
    rows = connection.execute(
        select(table.queue_id, func.count())
        .where(
            table.organisation_id == office.site.id,
            table.office_id == office_id,
            table.state == literal_column("'waiting'"),
            table.service_date == office.today().isoformat(),
        )
        .group_by(table.queue_id)
    )
    return {str(queue): int(count) for queue, count in rows}


def _open_counters(office: BackOffice, connection: Connection, office_id: str) -> dict[str, int]:
    table, move = schema.ticket.c, schema.visit_transition.c
    rows = connection.execute(
        select(table.queue_id, func.count(func.distinct(move.counter)))
        .join_from(schema.visit_transition, schema.ticket, move.ticket_id == table.id)
        .where(
            move.organisation_id == office.site.id,
            move.office_id == office_id,
            move.to_state == "called",
            move.at_ms > office.clock() - OPEN_COUNTER_MS,
        )
        .group_by(table.queue_id)
    )
    return {str(queue): int(count) for queue, count in rows}
