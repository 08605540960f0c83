"""One HTTP request to the platform: limits of time and size, no redirects, a client certificate where it is asked.

Not for: what the bytes say (`protocol`).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from sync.backoffice.registers.magda.xml import LARGEST

CONNECT_SECONDS = 3.0
READ_SECONDS = 7.0
"""Less than the web process waits for us, so that a slow register leaves time to say so."""
WHOLE_SECONDS = 8.0
_CHUNK = 64 * 1024
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True)
class NoReply:
    """Nothing that could be read came back.

    Attributes:
        detail: kind of failure, for the log.
    """

    detail: str


class Transport(Protocol):
    """A way to post a message."""

    def post(self, body: bytes, operation: str) -> bytes | NoReply:
        """Post one message and wait for its answer; never raises."""
        ...


@dataclass(frozen=True)
class Credentials:
    """What the platform knows us by.

    Attributes:
        certificate, key: PEM files of the client certificate, or None where none is asked.
        authorities: PEM file of the authorities to trust instead of the usual ones.
    """

    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None


class HttpTransport:
    """A connection for each question: they are few, and none may outlive its answer.

    Args:
        url: address of the service, http or https.
    """

    def __init__(self, url: str, credentials: Credentials | None = None, *, read_seconds: float = READ_SECONDS) -> None:
        self._url = url
        self._credentials = credentials or Credentials()
        self._read_seconds = read_seconds

    def post(self, body: bytes, operation: str) -> bytes | NoReply:
        """Post; a fault of SOAP, which comes with status 500, is bytes too."""
        try:
            with requests.Session() as session:
                return self._post(session, body, operation)
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            return NoReply(type(error).__name__)

    def _post(self, session: requests.Session, body: bytes, operation: str) -> bytes | NoReply:
        given = self._credentials
        session.trust_env = False
        session.verify = str(given.authorities) if given.authorities else True
        if given.certificate:
            session.cert = (str(given.certificate), str(given.key)) if given.key else str(given.certificate)
        begun = time.monotonic()
        with session.post(
            self._url,
            data=body,
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'},
            timeout=(CONNECT_SECONDS, self._read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != 200:
                return NoReply(f"status {response.status_code}")
            return _read(response, begun)


def _read(response: requests.Response, begun: float) -> bytes | NoReply:
    data = b""
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > LARGEST:
            return NoReply(f"more than {LARGEST} bytes")
        if time.monotonic() - begun > WHOLE_SECONDS:
            return NoReply("the answer took too long")
    return data
