"""Problems: all at once, in order, with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.problems import ConfigError, Findings, Problem, choose_among


def test_an_error_tells_every_problem_once_in_the_order_of_the_files() -> None:
    late = Problem(Path("b.toml"), 2, "wrong", "right")
    early = Problem(Path("a.toml"), 10, "wrong", "right")
    first = Problem(Path("a.toml"), 9, "wrong", "right")
    assert str(ConfigError([late, early, first, late])).splitlines() == [
        "a.toml:9: wrong; right",
        "a.toml:10: wrong; right",
        "b.toml:2: wrong; right",
    ]


def test_findings_stop_only_when_there_are_some() -> None:
    findings = Findings()
    findings.stop_if_any()
    findings.take(ConfigError([Problem(Path("a"), 1, "x", "y")]))
    findings.add(Path("a"), 2, "z", "y")
    with pytest.raises(ConfigError) as raised:
        findings.stop_if_any()
    assert [problem.found for problem in raised.value.problems] == ["x", "z"]


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("contact_pont", ["contact_point", "site"], "did you mean 'contact_point'?"),
        ("sreen", ["screen", "visit"], "did you mean 'screen'?"),
        ("zebra", ["site", "visit"], "write one of: site, visit"),
        ("x", [], "leave it out"),
    ],
)
def test_advice_for_a_misspelt_name(word: str, known: list[str], said: str) -> None:
    assert choose_among(word, known) == said
