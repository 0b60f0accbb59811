"""The sentences that every article carries, whatever it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model import Name, Paragraph, Runs, Section, Text

AUTOMATED = (
    "This article was written by rules, from data, without human editing. Every number in it is a recorded fact with "
    "its window, source and method. Each claim marked as supported, contradicted or not settled has been tested, and "
    "the table of claims lists the tests; other sentences state facts. The same data always give the same text."
)
BRIEF = (
    "This brief was written by rules, from data, without human editing. Every number in it is a recorded fact with its "
    "window, source and method. Each claim marked as supported, contradicted or not settled has been tested, and the "
    "file facts.json that comes with it lists the tests; other sentences state facts. The same data and the same "
    "earlier issues always give the same text."
)
LEGEND = (
    "Past performance is not a promise of future results. Returns include distributions, reinvested at the close of "
    "their ex-date; they leave out taxes, trading costs and any charge other than the funds' own."
)
ADVICE = (
    "This is general information, not investment advice. It does not know any reader's circumstances, and it "
    "recommends no trade."
)
LIMITS = (
    "Daily data of funds cannot show what happens within a day, nor how easily the securities inside a fund trade. "
    "What held over the windows named here need not hold over others. Every figure is rounded by itself, so a "
    "difference may be one off in its last digit against the two figures beside it."
)
NOTED = "The editor’s note was written by a person; each number in it is a recorded fact of this article."
SAMPLE = (
    "Simulated sample data. Prices, holdings and figures on this page are invented to show the product. "
    "They describe no real fund."
)


def legend(of_prices: tuple[str, ...] = ()) -> Paragraph:
    """The past-performance legend, which stands next to the table of returns.

    of_prices: the funds whose distributions are not known, for which the legend is not true as it stands.
    """
    runs: Runs = (Text(LEGEND),)
    for ticker in of_prices:
        runs += (Text(" The data do not tell what "), Name(ticker), Text(" paid: its returns are price returns."))
    return Paragraph(runs, "legend")


@dataclass(frozen=True, slots=True)
class Own:
    """What a publisher discloses: its positions, the templates that it changed, further sentences, a note by hand."""

    conflict: str
    templates: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    noted: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The publisher's own words, as they are printed."""
        return (self.conflict, ", ".join(self.templates), *self.further)


def section(own: Own, automated: str = AUTOMATED) -> Section:
    """The disclosures: automation, no advice, limits, and what the publisher discloses."""
    conflict: Runs = (Text("Conflict of interest: "), Name(own.conflict))
    texts: tuple[Runs, ...] = ((Text(automated),), (Text(ADVICE),), (Text(LIMITS),), conflict)
    if own.noted:
        texts += ((Text(NOTED),),)
    if own.templates:
        texts += ((Text("The publisher's own templates were used for: "), Name(", ".join(own.templates)), Text(".")),)
    texts += tuple((Name(sentence),) for sentence in own.further)
    return Section(
        "disclosures", (Text("Disclosures"),), tuple(Paragraph(runs, "note") for runs in texts), appendix=True
    )
