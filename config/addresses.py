"""Addresses of servers as they are written in the settings. Not for: devices, whose drivers know theirs."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from config.checked import refusal


def _check_url(text: str) -> str:
    if text == "":
        return text
    parts = _parts(text)
    if parts is None or parts.scheme not in ("http", "https") or parts.port == 0:
        raise _no_url(text)
    return text.rstrip("/")


def _no_url(text: str) -> PydanticCustomError:
    return refusal(f"'{text}' is no address of a server", 'write it like "https://backoffice.example", or ""')


def _check_proxy(text: str) -> str:
    if text == "":
        return text
    parts = _parts(text)
    if parts is None or parts.scheme != "http" or not parts.port or parts.path.strip("/"):
        right = 'write it like "http://proxy.example:3128", without a name or password, or ""'
        raise refusal(f"'{text}' is no proxy", right)
    return text.rstrip("/")


def _parts(text: str) -> SplitResult | None:
    """The parts of an address with a host, and without what no address of ours has; None for anything else."""
    try:
        parts = urlsplit(text)
        whole = bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        return None
    return None if not whole or parts.query or parts.fragment or parts.username is not None else parts


Url = Annotated[str, AfterValidator(_check_url)]
Proxy = Annotated[str, AfterValidator(_check_proxy)]
