"""Runs every metric over every fund, pair and window, and makes facts of what they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from reportgen.errors import DataError
from reportgen.metrics._catalogue import definitions, with_differences
from reportgen.metrics._facts import About, difference_fact, fact
from reportgen.metrics._market import Market
from reportgen.metrics._metric import Definition
from reportgen.metrics._outcomes import Keyed, Outcome, Outcomes, in_window, over_window, run
from reportgen.metrics._series import all_series
from reportgen.metrics._shelf import Kept, Shelf
from reportgen.metrics._views import ArticleView, FundProfile, FundWindow, PairProfile, PairWindow
from reportgen.metrics._windows import CODES, calendar_codes, resolve
from reportgen.model import DIFFERENCE, DateArray, Fact, Measurements, Snapshot, Window, as_date

ARTICLE = "article"


def measure(snapshot: Snapshot, shelf: Shelf | None = None) -> Measurements:
    """Everything that can be said in numbers about the funds of a snapshot, as of its as-of.

    shelf: what was measured of these funds for other articles; it changes nothing but the time that measuring takes.

    Facts stand in table order: each fund's, each pair's, the benchmarks', the article's. A metric that has no value
    is a fact with the reason. Raises DataError for a fund that is not priced in US dollars or has no prices.
    """
    market = Market(snapshot)
    _refuse(snapshot)
    kept = {t: shelf.fund(market, t) for t in (*snapshot.tickers, *_benchmarks(snapshot))} if shelf else {}
    funds = {t: FundStudy(market, t, definitions(), kept.get(t)) for t in snapshot.tickers}
    yardsticks = [FundStudy(market, t, _of_yardsticks(), kept.get(t)) for t in _benchmarks(snapshot)]
    pairs = [PairStudy(market, funds[a], funds[b]) for a, b in snapshot.pairs]
    article = ArticleView(market, {t: study.profile for t, study in funds.items()})
    facts = chain(
        *(study.facts() for study in funds.values()),
        *(pair.facts() for pair in pairs),
        *(study.facts() for study in yardsticks),
        _article_facts(article),
    )
    windows = {ticker: study.windows for ticker, study in funds.items()}
    return Measurements(
        snapshot.as_of,
        snapshot.tickers,
        {one.id: one for one in facts},
        {one.id: one for one in all_series(market, windows)},
        with_differences(),
    )


def _refuse(snapshot: Snapshot) -> None:
    for ticker in snapshot.tickers:
        if ticker not in snapshot.histories or snapshot.histories[ticker].first > snapshot.as_of:
            raise DataError(
                f"no prices for {ticker} up to {snapshot.as_of}.", fix="Choose a later date or another fund."
            )
        currency = snapshot.funds[ticker].currency
        if currency != "USD":
            raise DataError(
                f"{ticker} is priced in {currency}; only funds in US dollars can be compared.",
                fix="Leave it out, or use a US listing.",
            )


def _benchmarks(snapshot: Snapshot) -> tuple[str, ...]:
    """The benchmarks of the funds compared, as far as they have prices and are not compared themselves."""
    named = (snapshot.context.benchmark_for(snapshot.funds[ticker].asset_class) for ticker in snapshot.tickers)
    there = {t for t, history in snapshot.histories.items() if history.first <= snapshot.as_of and t in snapshot.funds}
    return tuple(dict.fromkeys(t for t in named if t in there and t not in snapshot.tickers and t is not None))


def _of_yardsticks() -> tuple[Definition, ...]:
    """What is measured of a benchmark: its returns and its risk, so that texts can set a fund beside it."""
    return tuple(d for d in definitions() if d.view is FundWindow and d.spec.section in {"returns", "risk"})


def _article_facts(article: ArticleView) -> Iterator[Fact]:
    for definition in definitions():
        if definition.view is ArticleView:
            for key, outcome in run(definition, article).items():
                yield fact(definition.spec, About(ARTICLE), key, outcome)


class FundStudy:
    """One fund: its windows, and every metric's outcome over them, computed once.

    kept: what other articles have found about the fund under the same circumstances, and what this one adds.
    """

    def __init__(self, market: Market, ticker: str, chosen: Sequence[Definition], kept: Kept | None = None) -> None:
        self.market = market
        self.kept = kept or Kept()
        self.chosen = chosen
        self.fund = market.snapshot.funds[ticker]
        self.profile = FundProfile(market, self.fund, market.snapshot.holdings.get(ticker))
        self.days = market.track(ticker).days
        self.about = About(ticker, sources=(market.source(ticker),))
        codes = (*CODES, *calendar_codes(market.track(ticker).history.first, market.as_of))
        self.windows = {code: self._window(code) for code in codes}
        self.over = _over(self.about, self.windows)
        self.outcomes: dict[str, Outcomes] = {}

    def _window(self, code: str) -> FundWindow | str:
        window = resolve(code, self.days, self.market.as_of, self.market.began(self.fund.ticker), self.market.since)
        if isinstance(window, str):
            return window
        return FundWindow(self.market, self.fund, window, _between(self.days, window), self.kept)

    def of_window(self, code: str) -> Outcomes:
        """Every fund metric over one of the fund's windows."""
        if code not in self.outcomes:
            view = self.windows.get(code, f"began {self.days[0]}")
            self.outcomes[code] = {d.spec.name: self._outcome(d, code, view) for d in in_window(code, self.chosen)}
        return self.outcomes[code]

    def _outcome(self, definition: Definition, code: str, view: FundWindow | FundProfile | str) -> Keyed:
        if definition.of_group:
            return run(definition, view)
        return self.kept.once(("outcome", definition.spec.name, code), lambda: run(definition, view))

    def profiled(self) -> Outcomes:
        """Every fund metric without a window."""
        if "" not in self.outcomes:
            chosen = [d for d in self.chosen if d.view is FundProfile]
            self.outcomes[""] = {d.spec.name: self._outcome(d, "", self.profile) for d in chosen}
        return self.outcomes[""]

    def facts(self) -> Iterator[Fact]:
        for definition in self.chosen:
            if definition.view is FundProfile:
                yield from self._facts(definition, "", About(self.fund.ticker))
            elif definition.view is FundWindow:
                for code in codes_of(definition, self.windows):
                    yield from self._facts(definition, code, self.over[code])

    def _facts(self, definition: Definition, code: str, about: About) -> tuple[Fact, ...]:
        def make() -> tuple[Fact, ...]:
            outcomes = self.of_window(code) if code else self.profiled()
            return tuple(fact(definition.spec, about, key, one) for key, one in outcomes[definition.spec.name].items())

        return make() if definition.of_group else self.kept.once(("facts", definition.spec.name, code), make)


class PairStudy:
    """Two funds: the pair's own metrics, and the difference in every fund metric."""

    def __init__(self, market: Market, first: FundStudy, second: FundStudy) -> None:
        self.market, self.first, self.second = market, first, second
        self.profile = PairProfile(market, first.profile, second.profile)
        self.about = About(
            first.fund.ticker,
            second.fund.ticker,
            sources=tuple(dict.fromkeys((*first.about.sources, *second.about.sources))),
        )
        self.undated = replace(self.about, sources=())
        self.days = _common(first.days, second.days)
        self.restricted: dict[tuple[str, str], Outcomes] = {}
        codes = [code for code in first.windows if code in second.windows]
        self.windows: Mapping[str, PairWindow | str] = {code: self._window(code) for code in codes}
        self.over = _over(self.about, self.windows)

    def _window(self, code: str) -> PairWindow | str:
        if self.days.size == 0:
            return "no day in common"
        youngest = max((self.first, self.second), key=lambda study: (study.days[0], study.fund.ticker))
        began = f"{youngest.fund.ticker} {self.market.began(youngest.fund.ticker)}"
        window = resolve(code, self.days, self.market.as_of, began, as_date(youngest.days[0]))
        if isinstance(window, str):
            return window
        days = _between(self.days, window)
        first, second = (self._view(study, window, days) for study in (self.first, self.second))
        return PairWindow(self.market, first, second, window)

    def _view(self, study: FundStudy, window: Window, days: DateArray) -> FundWindow:
        """The fund on the pair's sessions: its own view where they are the same."""
        own = study.windows[window.code]
        if isinstance(own, FundWindow) and np.array_equal(own.days, days):
            return own
        return FundWindow(self.market, study.fund, window, days)

    def facts(self) -> Iterator[Fact]:
        for definition in definitions():
            spec = definition.spec
            if definition.view is PairProfile:
                for key, outcome in run(definition, self.profile).items():
                    yield fact(spec, self.undated, key, outcome)
            elif definition.view is PairWindow:
                for code in codes_of(definition, self.windows):
                    for key, outcome in run(definition, self.windows[code]).items():
                        yield fact(spec, self.over[code], key, outcome)
            elif spec.difference:
                yield from self._differences(definition)

    def _differences(self, definition: Definition) -> Iterator[Fact]:
        spec = with_differences()[DIFFERENCE + definition.spec.name]
        name = definition.spec.name
        if definition.view is FundProfile:
            mine, theirs = self.first.profiled()[name], self.second.profiled()[name]
            yield from self._subtracted(spec.name, self.undated, mine, theirs)
            return
        for code in codes_of(definition, self.windows):
            window = self.windows[code]
            if isinstance(window, str):
                missing: Keyed = {None: Outcome(missing=window)}
                yield from self._subtracted(spec.name, self.over[code], missing, missing)
                continue
            mine, theirs = (
                self._side(study, view, code)[name]
                for study, view in ((self.first, window.first), (self.second, window.second))
            )
            yield from self._subtracted(spec.name, self.over[code], mine, theirs)

    def _side(self, study: FundStudy, view: FundWindow, code: str) -> Outcomes:
        """The fund's outcomes on the pair's sessions: its own where they are the same."""
        if view is study.windows[code]:
            return study.of_window(code)
        key = (study.fund.ticker, code)
        if key not in self.restricted:
            self.restricted[key] = over_window(view, code, study.chosen)
        return self.restricted[key]

    @staticmethod
    def _subtracted(name: str, about: About, mine: Keyed, theirs: Keyed) -> Iterator[Fact]:
        spec = with_differences()[name]
        for key in [key for key in mine if key in theirs]:
            yield difference_fact(spec, about, key, mine[key], theirs[key])


def _over(about: About, windows: Mapping[str, FundWindow | PairWindow | str]) -> Mapping[str, About]:
    """What the facts of each window are about."""
    return {
        code: about.over(code, None if isinstance(window, str) else window.window) for code, window in windows.items()
    }


def codes_of(definition: Definition, windows: Mapping[str, object]) -> tuple[str, ...]:
    """The windows a metric is measured over: those it names, or every calendar year there is."""
    if definition.codes == ("CY",):
        return tuple(code for code in windows if code.startswith("CY"))
    return definition.codes


def _between(days: DateArray, window: Window) -> DateArray:
    first = np.searchsorted(days, np.datetime64(window.start, "D"), side="left")
    last = np.searchsorted(days, np.datetime64(window.end, "D"), side="right")
    return days[first:last]


def _common(first: DateArray, second: DateArray) -> DateArray:
    if np.array_equal(first, second):
        return first
    return np.intersect1d(first, second, assume_unique=True)
