"""The port `Register` over the platform's messages.

What the log says is kind, purpose, reference and codes; nothing of the person. Not for: bytes (`protocol`) and HTTP
(`transport`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from kiosk.core.attests import Kind, RegisterProblem
from sync.backoffice.registers.contract import RegisterAnswer, RegisterDown, RegisterRefused
from sync.backoffice.registers.magda.person import read_person
from sync.backoffice.registers.magda.protocol import Question, Reply, WrongReply, read_reply, write_question
from sync.backoffice.registers.magda.services import Platform
from sync.backoffice.registers.magda.transport import NoReply, Transport
from sync.backoffice.registers.magda.xml import NotOurXml

log = logging.getLogger("zuil.backoffice.register")


class MagdaRegister:
    """Asks one platform.

    Args:
        now: timezone-aware clock of the site.
    """

    def __init__(self, transport: Transport, platform: Platform, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._platform = platform
        self._now = now

    def ask(self, kind: Kind, national_number: str, purpose: str, reference: str) -> RegisterAnswer:
        """As the port says; the purpose goes out as the code of the authorisation."""
        service = self._platform.services.get(kind)
        if service is None:
            return RegisterRefused(RegisterProblem.REFERRED)
        capacity = self._platform.purposes.get(purpose, purpose)
        question = Question(
            service, self._platform.sender.identification, capacity, reference, self._now(), national_number
        )
        answer = self._exchange(question, kind)
        outcome = answer.detail if isinstance(answer, RegisterDown) else type(answer).__name__
        log.info("%s for %s asked as %s, reference %s: %s", service.name, kind.value, capacity, reference, outcome)
        return answer

    def _exchange(self, question: Question, kind: Kind) -> RegisterAnswer:
        data = self._transport.post(write_question(question), question.service.name)
        if isinstance(data, NoReply):
            return RegisterDown(data.detail)
        try:
            reply = read_reply(data, question)
        except (NotOurXml, WrongReply) as error:
            return RegisterDown(str(error))
        return self._judge(reply, question, kind)

    def _judge(self, reply: Reply, question: Question, kind: Kind) -> RegisterAnswer:
        fault = reply.fault
        if fault is None:
            return read_person(reply.content, kind, question.national_number)
        problem = self._platform.problems.get(fault.identification)
        if problem is None:
            return RegisterDown(f"the platform says FOUT {_plain(fault.identification)}")
        return RegisterRefused(problem)


def _plain(code: str) -> str:
    """A code that may stand in a log: only when it looks like one."""
    return code if code.isascii() and code.isalnum() and len(code) <= 8 else "of another form"
