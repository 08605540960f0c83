"""The chime that calls people back to their card, as numbers: two soft strokes of a bell, the second one lower.

`python -m kiosk.ui.chime` writes `assets/sounds/chime.wav` from this file; the sound is our own work. Both tones lie
between 600 and 1100 Hz, where elderly ears still hear well. Not for: playing it (`bell`).
"""

from __future__ import annotations

import io
import math
import struct
import wave

from kiosk.ui.tokens import ASSETS

RATE = 22_050
"""Samples in a second, one channel, 16 bits."""

CHIME = ASSETS / "sounds" / "chime.wav"

_STROKES = ((0.0, 1046.5), (0.28, 784.0))
_OVERTONES = ((1.0, 1.0), (2.0, 0.35), (3.01, 0.12))
_LENGTH_S = 1.3
_DECAY = 4.2
_ATTACK_S = 0.006
_FADE_S = 0.05
_LOUDNESS = 0.42


def sample(moment: float) -> float:
    """Deflection at `moment` seconds, from -1 to 1."""
    loud = sum(_stroke(moment - start, tone) for start, tone in _STROKES)
    return loud * _LOUDNESS * min(1.0, (_LENGTH_S - moment) / _FADE_S)


def chime_wave() -> bytes:
    """The whole chime as a WAV file."""
    frames = [round(32_767 * sample(at / RATE)) for at in range(round(_LENGTH_S * RATE))]
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(frames)}h", *frames))
    return file.getvalue()


def _stroke(since: float, tone: float) -> float:
    if since < 0:
        return 0.0
    swing = sum(share * math.sin(2 * math.pi * tone * multiple * since) for multiple, share in _OVERTONES)
    return swing * min(1.0, since / _ATTACK_S) * math.exp(-_DECAY * since)


if __name__ == "__main__":
    CHIME.parent.mkdir(exist_ok=True)
    CHIME.write_bytes(chime_wave())
