"""What the simulated printer says about itself and its jobs, as attributes. Not for: when it says it."""

from __future__ import annotations

from drivers.printers.ipp.values import Attribute, Collection, Range, Resolution, Tag, Value, keyword, one
from drivers.simulated.ipp.faults import SheetFault
from drivers.simulated.ipp.machine import Machine, SimulatedJob

A4 = "iso_a4_210x297mm"
_A4_SIZE = Collection((one("x-dimension", Tag.INTEGER, 21000), one("y-dimension", Tag.INTEGER, 29700)))
"""Hundredths of a millimetre."""
STATUS_WORDS = {
    0x0400: "bad request",
    0x0404: "not possible any more",
    0x0406: "no such job",
    0x040A: "no such format of documents",
    0x0501: "no such operation",
    0x0506: "no jobs, please",
    0x0507: "busy with others",
}


def formats(machine: Machine) -> tuple[str, ...]:
    """Kinds of documents it takes."""
    own = ("image/urf", "image/pwg-raster")
    return own if SheetFault.NO_PDF in machine.faults else ("application/pdf", *own)


def printer(machine: Machine, uri: str, operations: tuple[int, ...]) -> tuple[Attribute, ...]:
    """Everything about the printer."""
    return (
        *_texts(uri),
        keyword("printer-state-reasons", *(machine.reasons or ("none",))),
        one("printer-state", Tag.ENUM, machine.state),
        one("printer-is-accepting-jobs", Tag.BOOLEAN, SheetFault.NOT_ACCEPTING not in machine.faults),
        one("printer-up-time", Tag.INTEGER, machine.seconds),
        one("queued-job-count", Tag.INTEGER, sum(not job.over for job in machine.jobs.values())),
        Attribute("operations-supported", tuple(Value(Tag.ENUM, number) for number in operations)),
        Attribute("document-format-supported", tuple(Value(Tag.MIME_TYPE, name) for name in formats(machine))),
        one("document-format-default", Tag.MIME_TYPE, formats(machine)[0]),
        *_paper(),
    )


def job(job: SimulatedJob, machine: Machine, uri: str) -> tuple[Attribute, ...]:
    """Everything about a job."""
    return (
        one("job-uri", Tag.URI, f"{uri}/{job.number}"),
        one("job-id", Tag.INTEGER, job.number),
        one("job-printer-uri", Tag.URI, uri),
        one("job-name", Tag.NAME, job.title),
        one("job-originating-user-name", Tag.NAME, job.user),
        one("job-state", Tag.ENUM, job.state),
        keyword("job-state-reasons", job.reason),
        one("job-impressions-completed", Tag.INTEGER, job.impressions),
        one("job-media-sheets-completed", Tag.INTEGER, job.impressions),
        one("job-printer-up-time", Tag.INTEGER, machine.seconds),
        one("time-at-creation", Tag.INTEGER, job.created),
        _moment("time-at-processing", job.began),
        _moment("time-at-completed", job.ended),
    )


def _moment(name: str, seconds: int | None) -> Attribute:
    return one(name, Tag.NO_VALUE, None) if seconds is None else one(name, Tag.INTEGER, seconds)


def _texts(uri: str) -> tuple[Attribute, ...]:
    secure = uri.startswith("ipps")
    return (
        one("printer-uri-supported", Tag.URI, uri),
        keyword("uri-security-supported", "tls" if secure else "none"),
        keyword("uri-authentication-supported", "none"),
        one("printer-more-info", Tag.URI, uri.replace("ipp", "http", 1)),
        one("printer-name", Tag.NAME, "Zuil simulated printer"),
        one("printer-info", Tag.TEXT, "Zuil simulated printer"),
        one("printer-location", Tag.TEXT, ""),
        one("printer-make-and-model", Tag.TEXT, "Zuil Simulated"),
        one("charset-configured", Tag.CHARSET, "utf-8"),
        one("charset-supported", Tag.CHARSET, "utf-8"),
        one("natural-language-configured", Tag.LANGUAGE, "en"),
        one("generated-natural-language-supported", Tag.LANGUAGE, "en"),
        keyword("ipp-versions-supported", "1.1", "2.0"),
        keyword("compression-supported", "none"),
        keyword("pdl-override-supported", "attempted"),
        one("multiple-document-jobs-supported", Tag.BOOLEAN, False),
    )


def _paper() -> tuple[Attribute, ...]:
    return (
        keyword("media-supported", A4, "iso_a5_148x210mm"),
        keyword("media-default", A4),
        one("media-col-default", Tag.COLLECTION, Collection((one("media-size", Tag.COLLECTION, _A4_SIZE),))),
        keyword("media-ready", A4),
        keyword("sides-supported", "one-sided", "two-sided-long-edge"),
        keyword("sides-default", "two-sided-long-edge"),
        keyword("print-scaling-supported", "auto", "fit", "none"),
        keyword("print-scaling-default", "auto"),
        one("copies-supported", Tag.RANGE, Range(1, 99)),
        one("copies-default", Tag.INTEGER, 1),
        one("color-supported", Tag.BOOLEAN, False),
        one("printer-resolution-supported", Tag.RESOLUTION, Resolution(600, 600, 3)),
        one("printer-resolution-default", Tag.RESOLUTION, Resolution(600, 600, 3)),
    )
