"""Taking a column's new signing key: `POST /kiosk/v1/keys`. From then on the one before counts for nothing.

The key in use vouches for the new one. When the answer was lost, the column asks again with the old key, which counts
for nothing any more; the proof of the new key is enough then, because nothing changes. Not for: keys of attests.
"""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import update

from sync.backoffice import schema
from sync.backoffice.asked import check_asked, out_of_time, wrong_shape
from sync.backoffice.core import BackOffice
from sync.backoffice.kiosks import lock_kiosk, signed_by
from sync.backoffice.problems import Refusal
from sync.protocol.orders import KEY, KEY_PROOF, KEY_REQUEST, KeyRequest, key_proof
from sync.protocol.signing import PublicKey


def change_key(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed `KeyRequest` and answer it, signed.

    Args:
        message: the request as JSON members, as received.
    """
    try:
        request = KeyRequest.model_validate(message)
        new = PublicKey.parse(request.public_key)
    except ValidationError as error:
        return wrong_shape(error)
    except ValueError:
        return Refusal("schemaViolation", "publicKey must be 32 bytes in base64url")
    if not new.verify(KEY_PROOF, key_proof(request.source, request.command_id), request.proof):
        return Refusal("invalidSignature", "proof must be made with the new key")
    if signed_by(office, request.source, lambda key: key == new) is not None:
        return out_of_time(office, request.sent_at) or _answer(office, request)
    asked = check_asked(office, message, KeyRequest, KEY_REQUEST)
    if isinstance(asked, Refusal):
        return asked
    signer, _ = asked
    table = schema.kiosk
    with office.database.write() as connection:
        kiosk, _head = lock_kiosk(connection, office.database, signer.kiosk_id, 1)
        if kiosk.public_key != str(signer.key):
            return Refusal("invalidSignature", "the column signs with another key by now")
        connection.execute(update(table).where(table.c.id == kiosk.id).values(public_key=str(new)))
    office.signers.pop(request.source, None)
    return _answer(office, request)


def _answer(office: BackOffice, request: KeyRequest) -> dict[str, object]:
    answer: dict[str, object] = {
        "source": request.source,
        "nonce": request.nonce,
        "publicKey": request.public_key,
    }
    return office.key.sign_object(KEY, answer)
