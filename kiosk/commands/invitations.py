"""How the back office shows an invitation: code, QR code in the terminal and as a picture, and the six check digits.

Not for: making it (`sync.backoffice.admin`).
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import typer

from kiosk.commands.failures import Failed, failing_on
from sync.protocol.invitation import BadInvitation, Invitation, check_url

LOOK_S = 0.5


def draw(invite: Callable[[], Invitation], url: str, png: Path | None, *, shown: bool) -> str:
    """Print the code, and the QR code where it is wanted.

    Args:
        invite: makes the invitation; not called when it could not be used.

    Returns:
        The one-time code.

    Raises:
        Failed: when the address is none, or the picture cannot be written.
    """
    import qrcode

    with failing_on(BadInvitation, status=2):
        check_url(url)
    invitation = invite()
    typer.echo(invitation.code)
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(str(invitation))
    if shown:
        lines = io.StringIO()
        code.print_ascii(lines, invert=True)
        typer.echo(lines.getvalue().rstrip())
        typer.echo(str(invitation))
    if png:
        with failing_on(OSError, status=2), png.open("wb") as file:
            code.make_image().save(file)
        typer.echo(f"{png} holds the QR code.")
    return invitation.code


def wait_for_check(look: Callable[[], tuple[str, str] | None], seconds: float) -> None:
    """Wait until the column joined and print its check digits.

    Raises:
        Failed: when it did not join in time.
    """
    limit = time.monotonic() + seconds
    while (joined := look()) is None:
        if time.monotonic() > limit:
            raise Failed(f"no column used the code within {seconds:g} seconds; it stays valid")
        time.sleep(LOOK_S)
    suffix, check = joined
    typer.echo(f"Column {suffix} joined. Compare on both screens: {check}")
