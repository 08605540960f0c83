"""Notices by e-mail: that the document is ready and how to collect it. Never a word of what it says.

Not for: who is told and when (`sync.backoffice.unsealer.handing`).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from kiosk.documents.attest.dates import day_words
from sync.backoffice.handover.contract import HandedOver, NotHandedOver, Notice
from sync.backoffice.handover.words import words_of

SECONDS = 10.0
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}\Z")


@dataclass(frozen=True)
class Mailbox:
    """Where mail goes out.

    Attributes:
        sender: address of the municipality; what it is sent from.
        starttls: whether the connection becomes a safe one before anything is said; off only on the same machine.
    """

    host: str
    port: int
    sender: str
    starttls: bool = True


class EmailNotifier:
    """Sends notices over SMTP, a connection each.

    Args:
        now: timezone-aware clock.
    """

    def __init__(self, mailbox: Mailbox, now: Callable[[], datetime]) -> None:
        self._mailbox = mailbox
        self._now = now

    def notify(self, notice: Notice) -> HandedOver | NotHandedOver:
        """Send; what went wrong is told by its kind, because a server's words may quote the address."""
        if not _ADDRESS.match(notice.address):
            return NotHandedOver("the address in the request is no e-mail address")
        mailbox = self._mailbox
        try:
            with smtplib.SMTP(mailbox.host, mailbox.port, timeout=SECONDS) as server:
                if mailbox.starttls:
                    server.starttls(context=ssl.create_default_context())
                server.send_message(self._message(notice))
        except (smtplib.SMTPException, OSError) as error:
            return NotHandedOver(f"mail was not taken: {type(error).__name__}")
        return HandedOver()

    def _message(self, notice: Notice) -> EmailMessage:
        words, kind = words_of(notice.language), "ready" if notice.ready else "counter"
        told = {
            "title": notice.title,
            "municipality": notice.municipality,
            "day": day_words(notice.collect_until, notice.language),
        }
        message = EmailMessage()
        message["From"] = self._mailbox.sender
        message["To"] = notice.address
        message["Subject"] = words[f"{kind}.subject"].format(**told)
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{notice.message_id}@{self._mailbox.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words[f"{kind}.body"].format(**told).lstrip("\n"))
        message["Content-Language"] = notice.language
        return message
