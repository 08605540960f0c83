"""Where things stand, as arithmetic: menus, flows, toolbar; nothing lost, nothing cut, nothing over the edge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.pages import Look, TextSize, Tool, Weight
from kiosk.core.texts import Texts
from kiosk.ui.card_plan import CardRoom, plan_card
from kiosk.ui.flow import Block, Flow, blocks_of, sum_height
from kiosk.ui.measure import Style, pieces
from kiosk.ui.menu import Menu
from kiosk.ui.metrics import ScreenModel, metrics_for
from kiosk.ui.planning import action_style, plan_grid
from kiosk.ui.sample_cards import INSERT, INSERT_LONG, TAKE
from kiosk.ui.samples import LONG, SHEET, TICKET
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from kiosk.ui.tokens import load_design
from kiosk.ui.toolbar import plan_toolbar
from kiosk.ui.words import OptionWords, Wording
from tests.ui.plain_measure import PlainMeasure

MEASURE = PlainMeasure()
MODELS = st.sampled_from((DEMO_COLUMN, DEMO_COUNTER, ScreenModel(1080, 1920, 21.5)))
WORDS = st.lists(st.text("abcdefg\u00ad", min_size=1, max_size=12), min_size=1, max_size=5).map(" ".join)
OPTIONS = st.lists(
    st.builds(OptionWords, st.just("id"), WORDS, WORDS | st.just(""), st.sampled_from(("", "house")),
              st.sampled_from([w.value for w in Weight]), st.just(""), st.just("")),
    max_size=50,
)  # fmt: skip


def metrics(model: ScreenModel = DEMO_COLUMN, size: TextSize = TextSize.NORMAL):  # type: ignore[no-untyped-def]
    return metrics_for(model, Look(size=size), load_design())


def options(count: int, weight: Weight = Weight.NORMAL, label: str = "Attest") -> list[OptionWords]:
    return [OptionWords(str(n), label, "", "house", weight.value, "", "") for n in range(count)]


@settings(deadline=None)
@given(MODELS, st.sampled_from(TextSize), OPTIONS, st.integers(500, 1300))
def test_every_option_stands_once_and_within_the_area(
    model: ScreenModel, size: TextSize, found: list[OptionWords], height: int
) -> None:
    m = metrics(model, size)
    pages = Menu(m, MEASURE).pages(found, (968, height), 100, "Thema's")
    spots = [spot for page in pages for spot in page.spots]
    assert sorted(spot.option for spot in spots) == list(range(len(found)))
    for page in pages:
        for spot in page.spots:
            assert spot.x >= 0
            assert spot.x + spot.width <= 968
            assert spot.y >= 0
        alone = len({spot.y for spot in page.spots}) <= 1
        assert alone or max(spot.y + spot.height for spot in page.spots) <= height


@settings(deadline=None)
@given(MODELS, OPTIONS)
def test_tiles_of_a_page_keep_their_gap(model: ScreenModel, found: list[OptionWords]) -> None:
    m = metrics(model)
    for page in Menu(m, MEASURE).pages(found, (968, 1200), 100):
        for one in page.spots:
            for other in page.spots:
                apart_x = other.x >= one.x + one.width + m.gap or one.x >= other.x + other.width + m.gap
                apart_y = other.y >= one.y + one.height + m.gap or one.y >= other.y + other.height + m.gap
                assert one is other or apart_x or apart_y


def test_pages_of_equal_tiles_are_about_equally_full() -> None:
    pages = Menu(metrics(), MEASURE).pages(options(45), (968, 1200), 100)
    counts = [len(page.spots) for page in pages]
    assert sum(counts) == 45
    assert max(counts) - min(counts) <= 4


def test_larger_text_means_fewer_on_a_page() -> None:
    found = options(45, label="Samenstelling van het gezin, ook voor een ander")
    pages = {size: Menu(metrics(size=size), MEASURE).pages(found, (968, 900), 100) for size in TextSize}
    assert len(pages[TextSize.LARGE]) > len(pages[TextSize.NORMAL])


def test_a_word_that_does_not_fit_two_columns_gets_one() -> None:
    long = options(8, label="Haushaltszusammensetzungsbescheinigung")
    m = metrics(size=TextSize.LARGE)
    assert plan_grid(long, 968, (2, 1), action_style(m), m.gap, MEASURE).columns == 1
    soft = options(8, label="Haushalts\u00adzusammensetzungs\u00adbescheinigung")
    assert plan_grid(soft, 968, (2, 1), action_style(m), m.gap, MEASURE).columns == 2


def test_no_options_make_one_empty_page() -> None:
    (page,) = Menu(metrics(), MEASURE).pages([], (968, 1200), 100)
    assert page.spots == ()


def test_pieces_of_a_word_carry_their_hyphen() -> None:
    assert pieces("Wohnsitz\u00adbescheinigung an") == ["Wohnsitz-", "bescheinigung", "an"]
    assert pieces("DEMO-districtshuis-K1-2026-00042") == ["DEMO-", "districtshuis-", "K1-2026-00042"]
    assert pieces("Signalez-le 12-34 - ok") == ["Signalez-", "le", "12-34", "-", "ok"]


BLOCKS = st.lists(
    st.builds(
        Block,
        st.just("section"),
        WORDS,
        st.lists(WORDS, min_size=1, max_size=9).map(tuple),
        st.just("info"),
        half=st.booleans(),
    )
    | st.builds(Block, st.just("fact"), WORDS, WORDS.map(lambda w: (w,)), st.just("info"), half=st.just(True)),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(MODELS, st.sampled_from(TextSize), BLOCKS, st.integers(450, 1300))
def test_every_line_is_on_some_page_and_within_it(
    model: ScreenModel, size: TextSize, blocks: list[Block], height: int
) -> None:
    m = metrics(model, size)
    width = 968 if m.portrait else 1380
    pages = Flow(m, MEASURE).pages(blocks, (width, height), 90)
    lines = [line for page in pages for placed in page for line in placed.block.lines]
    assert sorted(lines) == sorted(line for block in blocks for line in block.lines)
    for page in pages:
        for placed in page:
            assert placed.x + placed.width <= width
            alone = placed.y == 0
            assert alone or placed.y + placed.height <= height


def test_a_short_sheet_is_one_page_and_a_long_one_is_several(texts: Texts) -> None:
    words = Wording(texts, "nl")
    flow = Flow(metrics(), MEASURE)
    assert len(flow.pages(blocks_of(words.page(SHEET)), (968, 1100), 90)) == 1
    assert len(flow.pages(blocks_of(words.page(LONG)), (968, 1100), 90)) > 1


@pytest.mark.parametrize("model", [DEMO_COLUMN, DEMO_COUNTER])
def test_the_number_takes_the_room_that_is_left(texts: Texts, model: ScreenModel) -> None:
    blocks = blocks_of(Wording(texts, "nl").page(TICKET))
    m = metrics(model)
    flow = Flow(m, MEASURE)
    (page,) = flow.pages(blocks, (968 if m.portrait else 1380, 1100), 90)
    number = next(placed for placed in page if placed.block.kind == "number")
    assert number.height > flow.height(number.block, number.width)
    bottoms = {p.x: max(q.y + q.height for q in page if q.x == p.x) for p in page if p.block.kind != "fact"}
    assert len(set(bottoms.values())) == 1


def test_two_short_facts_share_a_row_and_a_long_one_does_not() -> None:
    short = Block("fact", "Prijs", ("Gratis",), "info", half=True)
    long = replace(short, lines=("Voor inwoners van achttien jaar en ouder met een kaart",))
    flow = Flow(metrics(), MEASURE)
    assert len({placed.y for placed in flow.pages([short, short], (968, 900), 90)[0]}) == 1
    assert len({placed.y for placed in flow.pages([short, long], (968, 900), 90)[0]}) == 2


@settings(deadline=None)
@given(MODELS, st.sampled_from(TextSize), BLOCKS, st.integers(500, 1300), st.sampled_from((0, 90)))
def test_a_card_page_loses_no_line_and_keeps_picture_and_words_apart(
    model: ScreenModel, size: TextSize, blocks: list[Block], height: int, below: int
) -> None:
    m = metrics(model, size)
    width = 968 if m.portrait else 1380
    room = CardRoom(width if m.portrait else 770, width, height, 90, below)
    plan = plan_card(blocks, room, m, MEASURE)
    lines = [line for page in plan.sheets for placed in page for line in placed.block.lines]
    assert sorted(lines) == sorted(line for block in blocks for line in block.lines)
    assert plan.picture >= (round(width * 0.24) if m.portrait else height)
    taken = plan.picture + m.gap + below if m.portrait else 0
    for number, page in enumerate(plan.sheets):
        space = height - (taken if number == 0 else 0)
        alone = len({placed.y for placed in page}) <= 1
        assert alone or sum_height(page) <= space
        assert all(placed.x + placed.width <= (room.column if number == 0 else width) for placed in page)


def test_the_picture_shrinks_before_the_words_go_to_another_page(texts: Texts) -> None:
    words, m = Wording(texts, "nl"), metrics()
    plans = {
        name: plan_card(blocks_of(words.page(page)), CardRoom(968, 968, 900, 120, 0), m, MEASURE)
        for name, page in (("none", TAKE), ("some", INSERT), ("much", INSERT_LONG))
    }
    assert plans["none"].picture > plans["some"].picture > plans["much"].picture
    assert [len(plan.sheets) for plan in plans.values()] == [0, 1, 2]


def test_two_short_lists_share_a_row_and_what_is_too_long_does_not() -> None:
    short = Block("section", "Dit", ("Naam", "Adres"), "info", bulleted=True, half=True)
    long = replace(short, lines=("Voor inwoners van achttien jaar en ouder met een kaart",))
    flow = Flow(metrics(), MEASURE)
    assert len({placed.y for placed in flow.pages([short, short], (968, 900), 90)[0]}) == 1
    assert len({placed.y for placed in flow.pages([short, long], (968, 900), 90)[0]}) == 2


@pytest.mark.parametrize("size", TextSize)
def test_the_toolbar_has_room_for_the_widest_language(texts: Texts, size: TextSize) -> None:
    m = metrics(size=size)
    tools = [tool for tool in Tool if tool is not Tool.LANGUAGE]
    plan = plan_toolbar(("nl", "fr", "en", "de"), tools, 968, m, texts, MEASURE)
    one = plan_toolbar(("nl",), tools, 968, m, texts, MEASURE)
    assert plan.toolHeight >= m.target
    assert plan.languagesRoom >= m.language
    assert one.languagesRoom == 0
    assert MEASURE.widest("Nederlands", Style(m.body, 600)) <= 968 / plan.languageColumns
