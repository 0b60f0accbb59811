"""The article's market impact: how unusual the last five sessions were for the funds compared."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import ArticleView
from reportgen.model import FloatArray

_SESSIONS = 5
_HISTORY = 1260
_FEWEST = 252


@metric(
    label="Market impact",
    unit="score",
    decimals=1,
    section="market",
    minimum=_FEWEST,
    formula="M is the largest five-session move of a fund or of one fund less another; F the share of the past 1,260 "
    "five-session M below today's; the score is (F - 0.5) / 0.495, held between zero and one.",
    reference="This product's definition.",
    parameters={"sessions": _SESSIONS, "history": _HISTORY},
)
def market_impact(article: ArticleView) -> Measured:
    """How large the last five sessions' moves were against the funds' own past.

    Returns a score from 0 to 1. Details: `largest_move` (a fraction, unsigned), `mover` (the fund or pair), `share` (F)
    and `count` (the earlier moves it is compared with: 1,260, or all of a shorter history). Needs 252 earlier moves.
    """
    moves = _moves(article)
    largest = np.max(list(moves.values()), axis=0)
    past = largest[:-1][-_HISTORY:]
    if past.size < _FEWEST:
        raise Unavailable(f"needs {_FEWEST} earlier five-session moves, has {past.size}")
    share = float(np.count_nonzero(past < largest[-1])) / past.size
    mover = max(moves, key=lambda who: float(moves[who][-1]))
    score = min(1.0, max(0.0, (share - 0.5) / 0.495))
    details = {"largest_move": float(largest[-1]), "mover": mover, "share": share, "count": int(past.size)}
    sources = tuple(article.market.source(ticker) for ticker in article.profiles)
    return Measured(score, n=past.size, details=details, as_of=article.market.as_of, sources=sources)


def _moves(article: ArticleView) -> dict[str, FloatArray]:
    """The size of every overlapping five-session move, by fund and by pair, over the common sessions."""
    tickers = tuple(article.profiles)
    days = article.market.track(tickers[0]).days
    for ticker in tickers[1:]:
        days = np.intersect1d(days, article.market.track(ticker).days, assume_unique=True)
    days = days[-(_HISTORY + _SESSIONS + 1) :]
    if days.size <= _SESSIONS:
        raise Unavailable("too few sessions in common")
    moved = {}
    for ticker in tickers:
        wealth = article.market.wealth(ticker, days)
        moved[ticker] = wealth[_SESSIONS:] / wealth[:-_SESSIONS] - 1
    relative = {f"{a}:{b}": moved[a] - moved[b] for a, b in combinations(sorted(tickers), 2)}
    return {who: np.abs(values) for who, values in sorted((moved | relative).items())}
