"""How a publisher's articles look: a logo and two colors, each for light and for dark pages."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal

PAPERS = {"light": ("#ffffff", "#f4f6f9"), "dark": ("#12161c", "#1b212a")}
"""The grounds that text stands on, as the stylesheets have them: the paper and the panels."""
LEAST_CONTRAST = 4.5
"""What WCAG asks at level AA of text against its ground."""
COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that has been read and found harmless; its size is in pixels."""

    content: bytes
    media_type: Literal["image/png", "image/svg+xml"]
    width: float
    height: float

    @property
    def address(self) -> str:
        """The picture itself as an address."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Brand:
    """What is the publisher's own in the look of a page; None is the house's.

    accent: the publication's name, links and marks; ink: headings and rules. mail_logo: a PNG, because mail programs
    show no SVG.
    """

    logo: Logo | None = None
    mail_logo: Logo | None = None
    accent: str | None = None
    ink: str | None = None
    accent_dark: str | None = None
    ink_dark: str | None = None


def contrast(one: str, other: str) -> float:
    """The contrast of two colors such as "#14345c", from 1 to 21, as WCAG defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
