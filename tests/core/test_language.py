"""Language law: which languages and orders each regime permits. Cases from the rules the module names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.language import LanguageLawError, LanguageProfile, Regime
from kiosk.core.texts import LANGUAGES

PERMITTED = [
    (Regime.DUTCH, "nl"),
    (Regime.FRENCH, "fr"),
    (Regime.MALMEDY, "fr de"),
    (Regime.GERMAN, "de fr"),
    (Regime.BORDER, "nl fr"),
    (Regime.BORDER, "fr nl"),
    (Regime.RIM, "nl fr"),
    (Regime.BRUSSELS, "fr nl"),
    (Regime.TOURIST, "nl fr en"),
    (Regime.NETHERLANDS, "nl"),
    (Regime.NETHERLANDS, "nl en de"),
    (Regime.DEMO, "nl fr en de"),
]

FORBIDDEN = [
    (Regime.DUTCH, "nl fr", "permits ['nl'], not ['nl', 'fr']"),
    (Regime.DUTCH, "nl en", "permits ['nl']"),
    (Regime.RIM, "fr nl", "permits ['nl', 'fr']"),  # Dutch first: art. 24
    (Regime.RIM, "nl fr en", "permits ['nl', 'fr']"),  # courtesy is no ground: deputy governor, 2017
    (Regime.BRUSSELS, "nl", "permits ['nl', 'fr'] or ['fr', 'nl']"),
    (Regime.GERMAN, "fr de", "permits ['de', 'fr']"),
    (Regime.TOURIST, "nl fr", "asks for at least three languages"),
    (Regime.NETHERLANDS, "en nl", "asks for 'nl' first"),
    (Regime.DEMO, "", "asks for at least one language"),
    (Regime.DEMO, "nl nl", "languages must be different ones of nl, fr, en, de"),
    (Regime.DEMO, "nl es", "languages must be different ones of nl, fr, en, de"),
]


@pytest.mark.parametrize(("regime", "order"), PERMITTED)
def test_permitted_orders_are_taken_and_the_first_is_the_default(regime: Regime, order: str) -> None:
    profile = LanguageProfile(regime, tuple(order.split()))
    assert profile.default == order.split()[0]


@pytest.mark.parametrize(("regime", "order", "said"), FORBIDDEN)
def test_forbidden_orders_are_refused_with_what_would_be_right(regime: Regime, order: str, said: str) -> None:
    with pytest.raises(LanguageLawError) as raised:
        LanguageProfile(regime, tuple(order.split()))
    assert said in str(raised.value)


@given(st.sampled_from(Regime), st.lists(st.sampled_from(LANGUAGES), max_size=5))
def test_every_regime_judges_every_order_one_way_or_the_other(regime: Regime, order: list[str]) -> None:
    profile = _profile(regime, order)
    if profile is not None:
        assert profile.languages
        assert len(set(profile.languages)) == len(profile.languages)


def _profile(regime: Regime, order: list[str]) -> LanguageProfile | None:
    try:
        return LanguageProfile(regime, tuple(order))
    except LanguageLawError:
        return None


def test_no_regime_but_the_demonstration_the_tourists_and_the_netherlands_speaks_english() -> None:
    for regime in set(Regime) - {Regime.DEMO, Regime.TOURIST, Regime.NETHERLANDS}:
        for order in (("nl", "en"), ("nl", "fr", "en"), ("en",)):
            with pytest.raises(LanguageLawError):
                LanguageProfile(regime, order)
