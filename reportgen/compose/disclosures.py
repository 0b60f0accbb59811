"""The sentences that every article carries, whatever it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.compose.sentences import Sentences
from reportgen.model import Name, Paragraph, Runs, Section, Text


def legend(sentences: Sentences, of_prices: tuple[str, ...] = ()) -> Paragraph:
    """The past-performance legend, which stands next to the table of returns.

    of_prices: the funds whose distributions are not known, for which the legend is not true as it stands.
    """
    runs: Runs = (Text(sentences.legend),)
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


def section(own: Own, sentences: Sentences, automated: str) -> Section:
    """The disclosures: how it was written, no advice, limits, and what the publisher discloses."""
    conflict: Runs = (Text("Conflict of interest: "), Name(own.conflict))
    texts: tuple[Runs, ...] = ((Text(automated),), (Text(sentences.advice),), (Text(sentences.limits),), conflict)
    if own.noted:
        texts += ((Text(sentences.noted),),)
    if own.templates:
        texts += ((Text("The publisher's own templates were used for: "), Name(", ".join(own.templates)), Text(".")),)
    texts += tuple((Name(sentence),) for sentence in own.further)
    return Section(
        "disclosures", (Text("Disclosures"),), tuple(Paragraph(runs, "note") for runs in texts), appendix=True
    )
