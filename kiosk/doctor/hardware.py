"""Parts a column needs beside its devices: sound, a clock with a battery, a watchdog.

Not for: the devices that are set (`devices`, `cards`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.doctor.finding import Check, Finding, Row
from kiosk.doctor.machine import Machine, last

SOUND = Row("hardware.sound", "loudspeaker", "the machine has a sound device, for reading aloud")
HARDWARE_CLOCK = Row("hardware.clock", "hardware clock", "there is one: the machine knows the time without a network")
WATCHDOG = Row("hardware.watchdog", "hardware watchdog", "there is one, and the system manager feeds it")


def _sound(machine: Machine) -> Iterator[Finding]:
    cards = machine.found("proc/asound/card[0-9]*")
    yield (
        SOUND.ok(", ".join(card.name for card in cards))
        if cards
        else SOUND.attention("there is none: nothing can be read aloud", "connect a loudspeaker or headphone jack")
    )


def _hardware_clock(machine: Machine) -> Iterator[Finding]:
    there = machine.there("sys/class/rtc/rtc0")
    yield (
        HARDWARE_CLOCK.ok("rtc0")
        if there
        else HARDWARE_CLOCK.attention(
            "there is none: after a power cut the time is wrong until the network is back", "add a clock with a battery"
        )
    )


def _watchdog(machine: Machine) -> Iterator[Finding]:
    fed = last(machine.manager_settings("system"), "Manager", "RuntimeWatchdogSec")
    if not machine.found("dev/watchdog*"):
        yield WATCHDOG.attention("the machine has none", "load its module, or the module softdog")
    elif fed in (None, "", "0", "off"):
        yield WATCHDOG.attention(
            "nobody feeds it", "write RuntimeWatchdogSec=20 below [Manager] in /etc/systemd/system.conf.d/zuil.conf"
        )
    else:
        yield WATCHDOG.ok(f"fed, acts after {fed}")


CHECKS: tuple[Check[Machine], ...] = (
    Check((SOUND,), _sound),
    Check((HARDWARE_CLOCK,), _hardware_clock),
    Check((WATCHDOG,), _watchdog),
)
