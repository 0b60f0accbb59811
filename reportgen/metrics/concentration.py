"""What a fund owns: how many lines, how much weight lies in few of them, which sectors, and what two funds share."""

from __future__ import annotations

import math
from collections.abc import Mapping

from reportgen.metrics import _portfolio as portfolios
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundProfile, PairProfile
from reportgen.metrics.income import known_only_from, stated_number
from reportgen.model import Holdings, Scalar

_HERFINDAHL = "Herfindahl (1950); Hirschman (1964), American Economic Review 54"
_OVERLAP = "Sum of the smaller of the two weights, name by name; Cremers and Petajisto (2009), one less active share"


@metric(
    label="Holdings",
    unit="count",
    decimals=0,
    section="concentration",
    basis="holdings",
    formula="Equity lines with a positive market value in the fund's full holdings file; else as the provider states.",
    reference="This product's definition.",
    short="number of holdings",
)
def holdings_count(p: FundProfile) -> Measured:
    """Equity lines with a positive market value. Returns a count; details: `other_lines` of the file.

    Without a full file the provider's number, and missing where none is stated.
    """
    stated = p.fund.facts.get("holdings_count")
    try:
        known = _loaded(p, portfolios.full)
    except Unavailable:
        number = stated_number(stated)
        if stated is None or number is None:
            raise
        return Measured(round(number), as_of=stated.as_of, sources=(stated.source,), basis="stated by the provider")
    return _of(p.holdings, len(known.rows), {"other_lines": known.others})


@metric(
    label="Top-10 weight",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="Weight of the ten largest lines; of the equity part where the full file is known, else as stated.",
    reference="This product's definition.",
)
def top10_weight(p: FundProfile) -> Measured:
    """Weight of the ten largest lines. Returns a fraction; details: `lines` it adds up."""
    known = _loaded(p, portfolios.portfolio)
    largest = known.weights[:10]
    if not known.is_full and len(largest) < 10:
        raise Unavailable(f"only the {len(largest)} largest holdings are known")
    return _of(p.holdings, math.fsum(largest), {"lines": len(largest)})


@metric(
    label="Herfindahl index",
    unit="ratio",
    decimals=4,
    section="concentration",
    basis="holdings",
    formula="Sum of squared equity weights, from market values, renormalized to one.",
    reference=_HERFINDAHL,
)
def hhi(p: FundProfile) -> Measured:
    """Sum of squared equity weights. Returns a ratio from 1 / lines to 1; missing without the full file."""
    known = _loaded(p, portfolios.full)
    return _of(p.holdings, math.fsum(w * w for w in known.weights), {"lines": len(known.rows)})


@metric(
    label="Effective number of holdings",
    unit="count",
    decimals=0,
    section="concentration",
    basis="holdings",
    formula="One over the sum of squared equity weights, from market values, renormalized to one.",
    reference=_HERFINDAHL,
)
def effective_holdings(p: FundProfile) -> Measured:
    """How many equal lines would be as concentrated: 1 / sum of squared weights.

    Returns a count from 1 to the number of lines; missing without the full file.
    """
    known = _loaded(p, portfolios.full)
    return _of(p.holdings, 1 / math.fsum(w * w for w in known.weights), {"lines": len(known.rows)})


@metric(
    label="Effective number of holdings, at least",
    unit="count",
    decimals=0,
    section="concentration",
    basis="holdings",
    formula="The least effective number that the known lines allow; no unknown line outweighs the smallest known one.",
    reference=_HERFINDAHL,
    difference=False,
)
def effective_holdings_at_least(p: FundProfile) -> Measured:
    """Lower bound of the effective number; the number itself with a full file. Details: `covered`, the known weight."""
    _, most = _square_sums(p)
    return _bounded(p, 1 / most)


@metric(
    label="Effective number of holdings, at most",
    unit="count",
    decimals=0,
    section="concentration",
    basis="holdings",
    formula="The greatest effective number that the known lines and the stated number of lines allow.",
    reference=_HERFINDAHL,
    difference=False,
)
def effective_holdings_at_most(p: FundProfile) -> Measured:
    """Upper bound of the effective number; the number itself with a full file. Details: `covered`, the known weight."""
    least, _ = _square_sums(p)
    return _bounded(p, 1 / least)


def _square_sums(p: FundProfile) -> tuple[float, float]:
    known = _loaded(p, portfolios.portfolio)
    count = stated_number(p.fund.facts.get("holdings_count"))
    return portfolios.square_sum_bounds(known.weights, known.rest, None if count is None else round(count))


def _bounded(p: FundProfile, value: float) -> Measured:
    known = _loaded(p, portfolios.portfolio)
    return _of(p.holdings, value, {"covered": 1 - known.rest, "lines": len(known.rows)})


@metric(
    label="Largest sector",
    unit="text",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="The sector with the greatest weight; the taxonomy is named.",
    reference="The classification named with the fact.",
    difference=False,
)
def largest_sector(p: FundProfile) -> Measured:
    """The sector with the greatest weight. Returns its name; details: `weight`, `taxonomy`. Equity funds only."""
    weights = _sectors(p)
    name = next(iter(weights))
    return _of(p.holdings, name, {"weight": weights[name], **_taxonomy(p)})


@metric(
    label="Sector weight",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="Weight of each sector's equity lines in the full file, else as the provider states; taxonomy named.",
    reference="The classification named with the fact.",
)
def sector_weight(p: FundProfile) -> Mapping[str, Measured]:
    """The weight of each sector, the largest first. Returns fractions, keyed by sector; details: `taxonomy`."""
    return {name: _of(p.holdings, weight, _taxonomy(p)) for name, weight in _sectors(p).items()}


def _sectors(p: FundProfile) -> dict[str, float]:
    """Weights by sector, the largest first; the file's own lines before the provider's sums."""
    if p.fund.asset_class in {"bond", "commodity"}:
        raise Unavailable("equity sectors do not describe this kind of fund")
    sums: dict[str, float] = {}
    if p.holdings is not None and p.holdings.scope == "full":
        known = _loaded(p, portfolios.full)
        for row, weight in zip(known.rows, known.weights, strict=True):
            if row.sector:
                sums[row.sector] = sums.get(row.sector, 0.0) + weight
    if not sums and p.holdings is not None:
        sums = {name: weight for name, weight in p.holdings.sectors.items() if weight > 0}
    if not sums:
        raise Unavailable(_too_far(p) or "no sector weights known")
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _loaded(p: FundProfile, load: portfolios.Loader) -> portfolios.Portfolio:
    """The fund's portfolio; where there is none, the reason says whether holdings of another time are known."""
    reason = _too_far(p)
    if reason is not None:
        raise Unavailable(reason)
    return load(p.holdings)


def _too_far(p: FundProfile) -> str | None:
    reason = known_only_from(p.fund, "holdings") if p.holdings is None else None
    return f"holdings {reason}" if reason is not None else None


def _taxonomy(p: FundProfile) -> dict[str, Scalar]:
    named = p.holdings.taxonomy if p.holdings is not None else None
    return {"taxonomy": named or "as the provider names them"}


@metric(
    label="Overlap",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="Sum over the names in both funds of the smaller weight, on equity weights.",
    reference=_OVERLAP,
)
def overlap(p: PairProfile) -> Measured:
    """The share of the two portfolios that is the same. Returns a fraction from 0 to 1.

    Details: `names` in both, the `identifier` matched by, and the weight of lines without one in each fund. Missing
    where one fund's full holdings are not known.
    """
    matched = _matched(p)
    return _of_both(p, portfolios.shared(matched), _matching(matched))


@metric(
    label="Overlap, at least",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="The least overlap that the known lines allow.",
    reference=_OVERLAP,
)
def overlap_at_least(p: PairProfile) -> Measured:
    """Lower bound of the overlap; the overlap itself with two full files. Details also: the weight `covered_...`."""
    return _overlap_bound(p, 0)


@metric(
    label="Overlap, at most",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="The greatest overlap that the known lines allow: unknown lines weigh no more than the smallest known one.",
    reference=_OVERLAP,
)
def overlap_at_most(p: PairProfile) -> Measured:
    """Upper bound of the overlap; the overlap itself with two full files. Details also: the weight `covered_...`."""
    return _overlap_bound(p, 1)


@metric(
    label="Active share between the two",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    formula="Half the sum of the absolute differences of the two funds' equity weights.",
    reference="Cremers and Petajisto (2009), Review of Financial Studies 22",
)
def active_share(p: PairProfile) -> Measured:
    """How far one portfolio would have to be turned into the other: half the sum of absolute differences.

    Returns a fraction from 0 (the same) to 1 (nothing in common). Lines without an identifier count as different.
    Details and missing values as for overlap.
    """
    matched = _matched(p)
    names = sorted({*matched.first, *matched.second})
    apart = math.fsum(abs(matched.first.get(i, 0.0) - matched.second.get(i, 0.0)) for i in names)
    return _of_both(p, (apart + math.fsum(matched.unmatched)) / 2, _matching(matched))


def _matched(p: PairProfile) -> portfolios.Matched:
    return portfolios.match(*_both(p, portfolios.full))


def _both(p: PairProfile, load: portfolios.Loader) -> tuple[portfolios.Portfolio, portfolios.Portfolio]:
    """Both funds' portfolios; the reason names every fund that lacks one, in the order of their tickers."""
    found, reasons = [], []
    for side in sorted((p.first, p.second), key=lambda side: side.fund.ticker):
        try:
            found.append(_loaded(side, load))
        except Unavailable as missing:
            reasons.append(f"{side.fund.ticker}: {missing.reason}")
    if reasons:
        raise Unavailable("; ".join(reasons))
    in_order = p.first.fund.ticker <= p.second.fund.ticker
    return (found[0], found[1]) if in_order else (found[1], found[0])


def _overlap_bound(p: PairProfile, which: int) -> Measured:
    first, second = _both(p, portfolios.portfolio)
    matched = portfolios.match(first, second)
    value = portfolios.overlap_bounds(matched, first, second)[which]
    covered: dict[str, Scalar] = {"covered_first": 1 - first.rest, "covered_second": 1 - second.rest}
    return _of_both(p, value, {**_matching(matched), **covered})


def _matching(matched: portfolios.Matched) -> dict[str, Scalar]:
    return {
        "names": len(matched.first.keys() & matched.second.keys()),
        "identifier": matched.identifier,
        "unmatched_first": matched.unmatched[0],
        "unmatched_second": matched.unmatched[1],
    }


def _of(holdings: Holdings | None, value: float | str, details: Mapping[str, Scalar]) -> Measured:
    assert holdings is not None
    told = {**details, "scope": holdings.scope}
    return Measured(value, details=told, as_of=holdings.as_of, sources=(holdings.source,))


def _of_both(p: PairProfile, value: float, details: Mapping[str, Scalar]) -> Measured:
    known = [side.holdings for side in (p.first, p.second) if side.holdings is not None]
    sources = tuple(dict.fromkeys(h.source for h in known))
    return Measured(value, details=details, as_of=min(h.as_of for h in known), sources=sources)
