"""A Unix domain socket that is never open to more people than it should be, not even for a moment.

Not for: what is said over it.
"""

from __future__ import annotations

import socket
from pathlib import Path


def listen_at(listener: socket.socket, path: Path, mode: int, backlog: int) -> None:
    """Let a socket listen at a path; an old socket there is replaced, anything else there is an error.

    Args:
        mode: of the socket, as `chmod` takes it.

    Raises:
        OSError: when it cannot be made; the listener is closed then.
    """
    try:
        if path.is_socket():
            path.unlink()
        listener.bind(str(path))
        # Nobody can connect before it listens; a umask would hold for files of every other thread meanwhile.
        path.chmod(mode)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
