"""Where nothing is known of what a fund paid, no caption and no legend claims a total return."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from reportgen.compose import disclosures, tables
from reportgen.compose.sentences import shipped_sentences
from reportgen.metrics import measure
from reportgen.model import Measurements, Request, plain
from reportgen.sources import open_source


@cache
def measured(known: bool) -> Measurements:
    snapshot = open_source("sample").load(Request(("IWM", "QQQ")))
    history = snapshot.histories["QQQ"]
    history = replace(history, distributions=history.distributions * known, distributions_known=known)
    return measure(replace(snapshot, histories={**snapshot.histories, "QQQ": history}))


@pytest.mark.parametrize(("known", "named", "total"), [(True, (), True), (False, ("QQQ",), False)])
def test_captions_and_legend_say_what_the_returns_are(known: bool, named: tuple[str, ...], total: bool) -> None:
    found = measured(known)
    assert tables.of_prices(found) == named
    years = tables.calendar_years(found)
    assert years is not None
    for table in (tables.returns(found), years):
        assert plain(table.caption).startswith("Total return") is total
    legend = plain(disclosures.legend(shipped_sentences(), named).runs)
    assert legend.startswith("Past performance is not a promise of future results.")
    assert ("what QQQ paid: its returns are price returns." in legend) is not total
