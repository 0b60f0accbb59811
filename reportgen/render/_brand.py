"""The publisher's own colors as styles."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Brand


def brand_styles(brand: Brand, *, paper: bool = False) -> str:
    """The publisher's own colors over those of the house; empty where all are ours. Paper is never dark."""
    light = _colors({"accent": brand.accent, "ink": brand.ink})
    dark = "" if paper else _colors({"accent": brand.accent_dark, "ink": brand.ink_dark})
    return light + (f"@media screen and (prefers-color-scheme: dark) {{ {dark} }}" if dark else "")


def _colors(colors: Mapping[str, str | None]) -> str:
    told = " ".join(f"--{name}: {color};" for name, color in colors.items() if color is not None)
    return f":root {{ {told} }}" if told else ""
