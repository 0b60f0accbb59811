"""The SVG painter: well-formed, the same each time, harmless, and no digit without an origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from reportgen import charts
from reportgen.charts._palette import FUND_ROLES, PALETTE
from reportgen.charts._svg import MEDIA_TYPE, paint
from reportgen.model import ChartSpec, Label, Measurements, Name, Number, Snapshot, Text, facts_in, plain
from reportgen.resources import template_folders, template_root

Complete = Callable[..., Measurements]
SVG = "{http://www.w3.org/2000/svg}"
VERDICTS = ("supported", "contradicted", "inconclusive")
FIVE = ("IWM", "QQQ", "SPY", "TLT", "BRK-B")


def pictures(measured: Measurements, snapshot: Snapshot) -> dict[str, bytes]:
    return {name: chart.images[MEDIA_TYPE] for name, chart in charts.draw(measured, snapshot).items()}


def texts(element: ET.Element, origin: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text below an element, with whether an element around it says where its numbers come from."""
    typed = origin or "data-fact" in element.attrib or "data-run" in element.attrib
    if element.text:
        yield element.text, typed
    for child in element:
        yield from texts(child, typed)
        if child.tail:
            yield child.tail, typed


@pytest.mark.parametrize("funds", [FIVE[:2], FIVE])
def test_no_digit_is_without_an_origin(complete: Complete, snapshot: Snapshot, funds: tuple[str, ...]) -> None:
    painted = pictures(complete(funds), snapshot)
    assert list(painted) == ["growth", "drawdowns", "sectors", "concentration", "rolling"]
    for name, image in painted.items():
        bare = [text for text, typed in texts(ET.fromstring(image)) if not typed and re.search(r"\d", text)]
        assert bare == [], name


def test_the_same_measurements_give_the_same_bytes(complete: Complete, snapshot: Snapshot) -> None:
    assert pictures(complete(), snapshot) == pictures(complete(), snapshot)


def test_the_first_child_says_what_is_seen(complete: Complete, snapshot: Snapshot) -> None:
    for chart in charts.draw(complete(), snapshot).values():
        root = ET.fromstring(chart.images[MEDIA_TYPE])
        assert root.get("role") == "img"
        assert root[0].tag == SVG + "title"
        assert root[0].text == f"{plain(chart.spec.title)}. {plain(chart.spec.alt)}"


def test_charts_share_a_page_without_ids_and_without_anything_remote(complete: Complete, snapshot: Snapshot) -> None:
    for image in pictures(complete(), snapshot).values():
        assert not re.search(rb"\sid=|href|url\(|<style|<script", image)


def test_facts_printed_are_facts_declared(complete: Complete, snapshot: Snapshot) -> None:
    for spec in charts.plan(complete(FIVE), snapshot).specs.values():
        printed = {f for m in spec.marks if isinstance(m, Label) for f in facts_in(m.runs)} | set(facts_in(spec.alt))
        assert printed <= set(spec.facts), spec.id


def test_numbers_keep_their_fact_and_names_are_marked() -> None:
    runs = (Name("S&P <500>"), Text(" at "), Number("A/b", "1,5", "count"))
    spec = ChartSpec("x", (Text("t"),), (Text("a"),), 10, 10, (Label(1, 2.04, runs, "fund-1", "end"),))
    line = paint(spec, template_folders()).decode().splitlines()[2]
    name, number = line.split(" at ")
    assert name.endswith('<tspan data-run="name">S&amp;P &lt;500&gt;</tspan>')
    assert number == '<tspan data-fact="A/b" data-detail="count">1,5</tspan></text>'
    assert ' x="1" y="2" ' in line


def test_hostile_names_stay_text() -> None:
    hostile = (Name('"><script>alert(1)</script>'),)
    spec = ChartSpec("x", hostile, hostile, 10, 10, (Label(1, 2, hostile, "note"),))
    image = paint(spec, template_folders())
    assert b"<script" not in image
    assert len(ET.fromstring(image)) == 2


def test_why_a_chart_is_absent_can_be_asked(gathered: Complete, snapshot: Snapshot) -> None:
    plan = charts.plan(gathered([], [], ("IWM", "QQQ")), snapshot)
    assert plan.specs == {}
    assert plan.skipped["growth"] == "IWM and QQQ have no wealth curve"
    assert set(plan.skipped) == {"growth", "drawdowns", "sectors", "concentration", "rolling", "claims", "horizon"}
    assert charts.draw(gathered([], [], ("IWM", "QQQ")), snapshot) == {}


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("role", [*FUND_ROLES, *VERDICTS, "note", "name", "tick"])
def test_text_is_legible_on_white(role: str) -> None:
    assert contrast(PALETTE[role].color, "#ffffff") >= 4.5


def test_text_is_legible_on_dark_pages() -> None:
    css = (template_root() / "charts" / "chart.css").read_text(encoding="utf-8")
    for role in (*FUND_ROLES, *VERDICTS):
        fills = re.findall(rf"\.{role} {{ fill: (#[0-9a-f]{{6}})", css)
        assert len(fills) == 1, role
        assert contrast(fills[0], "#14171c") >= 4.5


def test_funds_differ_without_color() -> None:
    looks = [PALETTE[role] for role in FUND_ROLES]
    assert len({look.shape for look in looks}) == 5
    assert len({look.tint for look in looks}) == 5
    assert len({(look.width, look.dash) for look in looks}) == 5
