"""Reading request bodies safely: size limits, gzip without bombs, JSON that can be hashed.

Not for: what the JSON must contain.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator

from sync.backoffice.problems import Refusal
from sync.protocol.batch import MAX_BYTES

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(chunks: AsyncIterator[bytes], content_type: str, encoding: str) -> bytes | Refusal:
    """Collect a body of at most `MAX_BYTES`, before and after unpacking.

    Args:
        chunks: the body as it arrives.
        content_type: header of the request.
        encoding: its `Content-Encoding`, empty when there is none.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return Refusal("unsupportedMediaType", "send Content-Type: application/json")
    if encoding.lower() not in ("", "identity", "gzip"):
        return Refusal("unsupportedMediaType", "send the body plain or with Content-Encoding: gzip")
    parts, size = [], 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            return _too_large()
        parts.append(chunk)
    body = b"".join(parts)
    return unpack(body) if encoding.lower() == "gzip" else body


def unpack(packed: bytes) -> bytes | Refusal:
    """Unpack gzip, never to more than `MAX_BYTES`."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, MAX_BYTES + 1)
    except zlib.error:
        return Refusal("badRequest", "the body is not gzip")
    if len(body) > MAX_BYTES:
        return _too_large()
    if not unpacker.eof or unpacker.unused_data:
        return Refusal("badRequest", "the gzip body is cut off or has something behind it")
    return body


def read_object(body: bytes) -> dict[str, object] | Refusal:
    """A JSON object as members; numbers that are no JSON (NaN) and nesting without end are refused."""
    try:
        value: object = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return Refusal("badRequest", "the body is not JSON in UTF-8")
    if not isinstance(value, dict):
        return Refusal("schemaViolation", "the body must be a JSON object")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _too_large() -> Refusal:
    return Refusal("payloadTooLarge", f"at most {MAX_BYTES} bytes, also when unpacked", {"maxBytes": MAX_BYTES})
