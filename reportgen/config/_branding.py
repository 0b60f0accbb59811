"""[branding]: the publisher's name, look, disclosures and note; and [sections].order with what may be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.config._checks import Check, Key, list_of, prose, text
from reportgen.config._logo import read_logo
from reportgen.model.brand import COLOR, LEAST_CONTRAST, PAPERS, Brand, contrast


@dataclass(frozen=True, slots=True)
class Branding:
    """What is the publisher's own beside name and conflict note. `brand` is what is made of logo and colors."""

    logo: Path | None = None
    mail_logo: Path | None = None
    disclosures: tuple[str, ...] = ()
    editors_note: str | None = None
    brand: Brand = field(default_factory=Brand)


def color_on(scheme: str) -> Check:
    """A color that can be read on the papers of light or dark pages."""

    def check(value: object) -> str | None:
        if not isinstance(value, str) or not COLOR.fullmatch(value):
            return 'must be a color such as "#14345c"'
        ratio, paper = min((contrast(value, paper), paper) for paper in PAPERS[scheme])
        if ratio >= LEAST_CONTRAST:
            return None
        return f"has a contrast of {ratio:.2f} against the {scheme} paper {paper}; text needs {LEAST_CONTRAST}"

    return check


BRANDING_KEYS: Mapping[str, Key] = {
    "publication": Key("publication", text, "the publication's name, in the masthead"),
    "logo": Key("branding.logo", text, "a PNG or SVG file below the settings file's folder", path=True),
    "mail_logo": Key("branding.mail_logo", text, "a PNG of an SVG logo, for mail", path=True),
    "accent": Key("branding.brand.accent", color_on("light"), "color of the publication's name and of links"),
    "ink": Key("branding.brand.ink", color_on("light"), "color of headings and rules"),
    "accent_dark": Key("branding.brand.accent_dark", color_on("dark"), "accent on dark pages"),
    "ink_dark": Key("branding.brand.ink_dark", color_on("dark"), "ink on dark pages"),
    "conflict_of_interest": Key("conflict", text, "the sentence about the publisher's own positions"),
    "disclosures": Key("branding.disclosures", list_of(text, "sentences"), "disclosures of your own, after the others"),
    "editors_note": Key("branding.editors_note", prose, "a note above the article; its numbers must be the article's"),
    "templates": Key("templates", text, "a folder of your own templates, which win file by file", path=True),
}


def mistakes(branding: Branding, folder: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with the pictures named, each with its key."""
    for key, path in (("logo", branding.logo), ("mail_logo", branding.mail_logo)):
        if path is not None and isinstance(wrong := read_logo(path, folder), str):
            yield key, wrong
    if branding.mail_logo is not None and branding.mail_logo.suffix.lower() != ".png":
        yield "mail_logo", "must be a PNG file: mail programs show no SVG"


def loaded(branding: Branding, folder: Path) -> Branding:
    """The settings with their pictures read; `mistakes` must have found nothing."""
    logo = read_logo(branding.logo, folder) if branding.logo is not None else None
    small = read_logo(branding.mail_logo, folder) if branding.mail_logo is not None else logo
    found = (None if isinstance(each, str) else each for each in (logo, small))
    page, mail = found
    mail = mail if mail is not None and mail.media_type == "image/png" else None
    return replace(branding, brand=replace(branding.brand, logo=page, mail_logo=mail))
