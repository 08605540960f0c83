"""A printer behind a device file of the kernel, such as /dev/usb/lp0, opened to write and to read.

Not for: spoolers and pipes, which cannot answer.
"""

from __future__ import annotations

import fcntl
import os
import stat
from functools import partial
from pathlib import Path

from drivers.contract import CannotOpen, Reason
from drivers.printers.transport import Transport
from drivers.printers.transports.descriptor import DescriptorTransport

BYTES_PER_SECOND = 100_000.0


def open_device_file(path: Path) -> Transport | CannotOpen:
    """Open `path` for this process alone."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except PermissionError:
        return CannotOpen(Reason.UNREACHABLE, f"{path}: no permission; add this user to the group that owns it (lp)")
    except IsADirectoryError:
        return CannotOpen(Reason.NOT_CONFIGURED, f"{path} is a folder, not a printer's device file", permanent=True)
    except OSError as problem:
        return CannotOpen(Reason.UNREACHABLE, f"{path}: {problem.strerror}")
    fault = _claim(descriptor, path)
    if fault is not None:
        os.close(descriptor)
        return fault
    return DescriptorTransport(descriptor, partial(os.close, descriptor), BYTES_PER_SECOND)


def _claim(descriptor: int, path: Path) -> CannotOpen | None:
    if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
        return CannotOpen(Reason.NOT_CONFIGURED, f"{path} is not a device file; try /dev/usb/lp0", permanent=True)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return CannotOpen(Reason.UNREACHABLE, f"{path} is in use by another program")
    return None
