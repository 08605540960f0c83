"""`zuil simulate card`: an identity card for anybody's program to read, through pcscd's virtual reader or ours.

Not for: the demonstration, which has a slot of its own in its dock.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed

if TYPE_CHECKING:
    from drivers.simulated.card.generation import Generation

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(simulate: typer.Typer) -> None:
    """Add the verb to `zuil simulate`."""
    simulate.command("card")(simulate_card)


def simulate_card(
    vpcd: Annotated[
        str, typer.Option("--vpcd", help="HOST:PORT of the virtual reader, on this machine only.")
    ] = "127.0.0.1:35963",
    card: Annotated[str, typer.Option("--card", help="Which card to begin with, see --list.")] = "adult",
    generation: Annotated[
        str | None, typer.Option("--generation", help="1.1, 1.7, 1.7-rekeyed or 1.8; else each person's own.")
    ] = None,
    fault: Annotated[str | None, typer.Option("--fault", help="What is wrong with it, see --list.")] = None,
    trust_out: Annotated[
        Path | None, typer.Option("--trust-out", help="Write the roots of these cards here, PEM; for tests only.")
    ] = None,
    list_names: Annotated[bool, typer.Option("--list", help="Name every card and fault and stop.")] = False,
) -> None:
    """An identity card, or another one. It is told on standard input: `insert NAME`, `pull`, `fault NAME`, …"""
    from drivers.simulated.card.faults import CARD_FAULTS, CardFault
    from drivers.simulated.card.pki import trust_pem
    from drivers.simulated.card.registry import CARDS
    from drivers.simulated.card.steering import CardSteering, run_card_simulator
    from drivers.simulated.card.vpcd import VpcdCard
    from drivers.simulated.console import UnknownFault, fault_of, listed
    from kiosk.commands.failures import failing_on

    if list_names:
        typer.echo(f"cards\n{listed(CARDS)}\n\nfaults\n{listed(CARD_FAULTS)}")
        return
    host, port = _address(vpcd)
    chosen = _generation(generation)
    if card not in CARDS:
        raise Failed(f"no card '{card}'; there are {', '.join(CARDS)}", 2)
    with failing_on(UnknownFault, status=2):
        wrong = (fault_of(CardFault, fault, "card fault"),) if fault else ()
    first = (f"insert {card}", *(f"fault {each.value}" for each in wrong))
    if trust_out is not None:
        with failing_on(OSError):
            trust_out.write_bytes(trust_pem())
    with VpcdCard(host, port) as slot:
        raise typer.Exit(run_card_simulator(CardSteering(slot, date.today, chosen), first, sys.stdin, sys.stdout))


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Failed(f"'{text}' is no HOST:PORT, like 127.0.0.1:35963", 2)
    if host not in LOOPBACK:
        raise Failed(f"'{host}' is another machine; a simulated card is only given to this one", 2)
    return host, int(port)


def _generation(text: str | None) -> Generation | None:
    from drivers.simulated.card.generation import Generation

    if text is None:
        return None
    names = [generation.value for generation in Generation]
    if text not in names:
        raise Failed(f"no generation '{text}'; there are {', '.join(names)}", 2)
    return Generation(text)
