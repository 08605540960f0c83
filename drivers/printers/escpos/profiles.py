"""Printer models as data: what a model can do stands in `profiles.toml`, not in code.

Not for: finding out the model by itself; the site's settings name it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator


class BadProfile(ValueError):
    """An unknown or wrong printer profile; the message says what would be right."""


class Cutter(Enum):
    """What the knife does."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Ability(Enum):
    """Whether a model has an optional command."""

    YES = "yes"
    NO = "no"
    PROBE = "probe"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodePage(_Strict):
    """The number after ESC t and the Python codec of the same characters."""

    number: int = Field(ge=0, le=255)
    codec: str

    @field_validator("codec")
    @classmethod
    def _known(cls, codec: str) -> str:
        try:
            "Aé€ ".encode(codec, "replace")
        except LookupError:
            raise ValueError(f"{codec} is no codec; cp1252, cp858 or iso8859_15 are") from None
        return codec


class Profile(_Strict):
    """One model.

    Attributes:
        dots: width of the head.
        columns: characters of the normal font on one line.
        native_qr: whether the printer draws QR codes itself (GS ( k).
        process_id: whether it says when the paper is out (GS ( H fn 48).
        clear_buffers: whether what it holds can be thrown away (DLE DC4 8).
    """

    name: str
    dots: int = Field(ge=100, le=2000)
    dpi: int = Field(ge=100, le=600)
    columns: int = Field(ge=16, le=120)
    code_page: CodePage
    cutter: Cutter
    native_qr: bool
    process_id: Ability
    clear_buffers: Ability
    near_end_sensor: bool
    smoothing: bool

    def dots_of(self, millimetres: float) -> int:
        """Millimetres on paper in dots."""
        return round(millimetres * self.dpi / 25.4)

    def millimetres_of(self, dots: int) -> float:
        """Dots on paper in millimetres."""
        return dots * 25.4 / self.dpi


def read_profiles(text: str) -> Mapping[str, Profile]:
    """Read a table of profiles.

    Raises:
        BadProfile: naming the profile, the field and what is wrong.
    """
    try:
        return TypeAdapter(dict[str, Profile]).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise BadProfile(f"not a table of printer profiles: {problem}") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadProfile(f"printer profile {where}: {first['msg']}") from None


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """The profiles that come with the driver."""
    return read_profiles(files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8"))


def profile_named(name: str) -> Profile:
    """The shipped profile called `name`.

    Raises:
        BadProfile: listing the names there are.
    """
    found = shipped_profiles().get(name)
    if found is None:
        raise BadProfile(f"no printer profile {name!r}; there are {', '.join(sorted(shipped_profiles()))}")
    return found
