"""The real market: yfinance, asked so that it hides nothing."""

from __future__ import annotations

import logging
import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from reportgen.errors import IncompleteError
from reportgen.sources.yahoo import _cache
from reportgen.sources.yahoo._classify import classified
from reportgen.sources.yahoo._market import Answer, Question
from reportgen.sources.yahoo._session import Pace, PoliteSession

_ABOUT = ("currency", "instrumentType", "longName", "shortName", "exchangeTimezoneName")


class YfinanceMarket:
    """Yahoo Finance by way of yfinance. `cached` says whether the cache folder could be used."""

    def __init__(self, cache: Path, pace: Pace, timeout: float, session: type[PoliteSession] = PoliteSession) -> None:
        import yfinance

        # Without this every failure becomes an empty table, and a log line that guesses "delisted".
        yfinance.config.debug.hide_exceptions = False
        logger = logging.getLogger("yfinance")
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
        self.cached = _cache.prepare(cache)
        self._session = session(pace, timeout)

    def ask(self, question: Question) -> Answer:
        """The answer to one question. Raises a NetworkError that says whose fault it is, as far as is known."""
        import peewee
        import yfinance

        self._session.seen.clear()
        # An answer that could not be used must not be given again.
        yfinance.data.YfData.cache_get.cache_clear()
        try:
            return self._answer(question)
        except peewee.DatabaseError:
            # The cache broke while it was in use: go on without one.
            _cache.prepare(Path(os.devnull))
            return self._answer(question)
        except _known() as error:
            raise classified(question, error, self._session.seen) from None

    def _answer(self, question: Question) -> Answer:
        import yfinance

        ticker = yfinance.Ticker(question.symbol, session=self._session)
        with warnings.catch_warnings():
            # What yfinance uses of pandas that will go one day is not for our readers.
            warnings.simplefilter("ignore", DeprecationWarning)
            return self._prices(question, ticker) if question.what == "prices" else self._profile(ticker)

    def _prices(self, question: Question, ticker: Any) -> Answer:  # noqa: ANN401 - yfinance has no types
        assert question.start is not None
        assert question.end is not None
        end = question.end + timedelta(days=1)  # exclusive, where ours is included
        frame = ticker.history(
            start=question.start.isoformat(), end=end.isoformat(), interval="1d", auto_adjust=False, actions=True
        )
        if frame.empty:
            raise IncompleteError(
                f"Yahoo Finance has no prices of {question.symbol} from {question.start} to {question.end}.",
                fix="Check the ticker, and ask for a later day or more years.",
            )
        about = ticker.history_metadata
        info = {key: about[key] for key in _ABOUT if about.get(key)}
        days = tuple(date(stamp.year, stamp.month, stamp.day) for stamp in frame.index)
        columns = {name: tuple(_numbers(frame[name].tolist())) for name in frame.columns}
        return Answer(self._address("/v8/"), days, columns, info)

    def _profile(self, ticker: Any) -> Answer:  # noqa: ANN401
        info = self._info(ticker)
        funds = ticker.funds_data
        fund = {
            "overview": dict(funds.fund_overview),
            "operations": _column(funds.fund_operations),
            "equity": _column(funds.equity_holdings),
            "holdings": [
                {"symbol": symbol, "name": row["Name"], "weight": row["Holding Percent"]}
                for symbol, row in funds.top_holdings.iterrows()
            ],
            "sectors": dict(funds.sector_weightings),
        }
        return Answer(self._address("/v10/"), info=info, fund=fund)

    def _info(self, ticker: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """The merged answers about a symbol; one figure more, which yfinance asks for after them, may fail."""
        try:
            return dict(ticker.info)
        except _known():
            # Asked again, yfinance gives what it has without a request: the merged answers, or None.
            merged = ticker.info
            if not merged:
                raise
            return dict(merged)

    def _address(self, path: str) -> str:
        return next((seen.url for seen in reversed(self._session.seen) if path in seen.url), "")


def _known() -> tuple[type[Exception], ...]:
    """All that yfinance is known to raise over answers, once it hides nothing."""
    from curl_cffi.requests.exceptions import RequestException
    from yfinance.exceptions import YFException

    return (YFException, RequestException, ValueError, IndexError, KeyError, TypeError, AttributeError)


def _numbers(values: Sequence[float]) -> Iterator[float | None]:
    return (None if not math.isfinite(value) else value for value in map(float, values))


def _column(frame: Any) -> dict[str, float | None]:  # noqa: ANN401
    """The fund's own column of one of yfinance's tables, beside which the category's stands."""
    return {str(name): _number(value) for name, value in frame.iloc[:, 0].items()}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
