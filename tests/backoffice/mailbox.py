"""A mail server that keeps what it is sent, or refuses: just enough SMTP for one message a connection. Not a test."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """Listens on loopback.

    Attributes:
        messages: whole messages, in order.
        refuse: the answer to a recipient instead of 250, or None.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse: str | None = None
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        return type("Handler", (_Handler,), {"box": self})


class _Handler(socketserver.StreamRequestHandler):
    box: MailServer

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            if not self._obey(line.decode().strip()):
                return

    def _obey(self, line: str) -> bool:
        word = line[:4].upper()
        if word == "RCPT" and self.box.refuse:
            self._say(self.box.refuse)
        elif word == "RCPT":
            self.box.recipients.append(line)
            self._say("250 ok")
        elif word == "DATA":
            self._say("354 go on")
            self._data()
        else:
            self._say("221 bye" if word == "QUIT" else "250 ok")
        return word != "QUIT"

    def _data(self) -> None:
        data = b""
        while (line := self.rfile.readline()) != b".\r\n":
            data += line
        self.box.messages.append(message_from_bytes(data, policy=policy.default))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
