"""From a TOML table to a checked table: pydantic judges, and its findings become problems with file, line and advice.

The words for "what would be right" come from the field itself, the same words the settings page prints, so the two
cannot disagree. Not for: rules between several values, which their own modules check.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import UnionType
from typing import Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from config.problems import Findings, choose_among, nearest
from config.toml_lines import KeyPath
from config.toml_source import TomlSource

M = TypeVar("M", bound=BaseModel)

_REFUSED = "refused"
_UNKNOWN = "extra_forbidden"
_MISSING = "missing"


class Table(BaseModel):
    """A table of a file: unknown keys are refused and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def refusal(found: str, expected: str) -> PydanticCustomError:
    """What a validator of a field raises: what is wrong, and what would be right."""
    # Braces would be taken for placeholders of pydantic's own template, so both texts travel as context.
    return PydanticCustomError(_REFUSED, "refused", {"found": found, "expected": expected})


def read_table(source: TomlSource, shape: type[M], findings: Findings) -> M | None:
    """The file's values in their shape, or None with every mistake added to `findings`."""
    try:
        return shape.model_validate(source.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        meant = {_meant(shape, detail["loc"]) for detail in details if detail["type"] == _UNKNOWN}
        for detail in details:
            # "mrak" is one mistake, not an unknown key and a missing one
            if not (detail["type"] == _MISSING and detail["loc"] in meant):
                _report(source, shape, detail, findings)
        return None


def name_of(key_path: KeyPath) -> str:
    """A key path as people write it, without the places in lists: `contact_points.hours.monday`."""
    return ".".join(str(part) for part in key_path if isinstance(part, str))


def advice(field: FieldInfo) -> str:
    """What may be written in a field, in words."""
    extra = field.json_schema_extra
    own = extra.get("write") if isinstance(extra, dict) else None
    return str(own) if own else _kind(field.annotation, field.metadata)


def _report(source: TomlSource, shape: type[BaseModel], detail: ErrorDetails, findings: Findings) -> None:
    path: KeyPath = detail["loc"]
    line = source.line(path)
    context = detail.get("ctx", {})
    field = _field_at(shape, path)
    if detail["type"] == _REFUSED:
        findings.add(source.path, line, str(context["found"]), str(context["expected"]))
    elif detail["type"] == _UNKNOWN:
        right = choose_among(str(path[-1]), _keys_of(shape, path[:-1]))
        findings.add(source.path, line, f"unknown key '{name_of(path)}'", right)
    elif detail["type"] == _MISSING:
        right = f"add {path[-1]} = {advice(field)}" if field else "add it"
        findings.add(source.path, line, f"'{name_of(path)}' is missing", right)
    else:
        right = f"write {advice(field)}" if field else detail["msg"]
        findings.add(source.path, line, f"'{name_of(path)}' is {_shown(detail['input'])}", right)


def _meant(shape: type[BaseModel], path: KeyPath) -> KeyPath:
    """The path of the key an unknown one probably stands for; the path itself when none is near."""
    return (*path[:-1], nearest(str(path[-1]), _keys_of(shape, path[:-1])) or path[-1])


def _keys_of(shape: type[BaseModel], path: KeyPath) -> list[str]:
    around = _model_at(shape, path)
    return list(around.model_fields) if around else []


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _model_at(shape: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """The model that judges the table at `path`."""
    here: object = shape
    for part in path:
        here = _below(here, part)
    here = _plain(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _field_at(shape: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """The field a value at `path` belongs to; for an element of a list, a field of the element's type."""
    model = _model_at(shape, path[:-1])
    if model is not None and not issubclass(model, RootModel):
        return model.model_fields.get(str(path[-1]))
    here: object = shape
    for part in path:
        here = _below(here, part)
    return None if here is None else FieldInfo.from_annotation(here)  # type: ignore[arg-type]  # any annotation goes


def _below(annotation: object, part: str | int) -> object:
    here = _plain(annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        if issubclass(here, RootModel):
            return _below(here.model_fields["root"].annotation, part)
        field = here.model_fields.get(str(part))
        return field.annotation if field else None
    arguments = get_args(here)
    return arguments[-1] if arguments else None


def _plain(annotation: object) -> object:
    """Without `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next((kind for kind in get_args(annotation) if kind is not type(None)), None)
    return annotation


def _kind(annotation: object, limits: list[object]) -> str:
    kind = _plain(annotation)
    if get_origin(kind) is Literal:
        return "one of: " + ", ".join(f'"{choice}"' for choice in get_args(kind))
    if get_origin(kind) is list:
        return "a list between [square brackets]"
    if kind in (int, float):
        return ("a whole number" if kind is int else "a number") + _range(limits)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "a text a language, in a table of its own" if issubclass(kind, RootModel) else "a table"
    named: dict[object, str] = {bool: "true or false", date: "a day, like 2026-12-25", Path: 'a path between "quotes"'}
    return named.get(kind, 'a text between "quotes"')


def _range(limits: list[object]) -> str:
    low = _first(limits, "ge")
    high = _first(limits, "le")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else ""


def _first(limits: list[object], name: str) -> object | None:
    return next((value for limit in limits if (value := getattr(limit, name, None)) is not None), None)
