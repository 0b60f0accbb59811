"""source.toml: what a data folder says about itself, above all that its data are simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.model import LICENCES, Licence
from reportgen.sources._raw import RawFile
from reportgen.sources._values import shown, words

FILE_NAME = "source.toml"
_KEYS: Mapping[str, type] = {"provider": str, "simulated": bool, "publishable": bool, "terms": str}


@dataclass(frozen=True, slots=True)
class Marker:
    """simulated: every page made from the folder says so. licence: of all files, in place of what their shapes say."""

    simulated: bool = False
    licence: Licence | None = None


def read_marker(raw: RawFile, data: Mapping[str, Any]) -> Marker:
    """The folder's marker. Raises DataError for an unknown key or a value of the wrong kind.

    A folder with `provider` must say `terms` too; `publishable` is false unless it is said.
    """
    for key, value in data.items():
        if key not in _KEYS:
            raise raw.error(f"The key {key!r} is unknown.", fix=f"Known are {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[key]):
            raise raw.error(f"{key} is {shown(value)}.", fix=f"It must be of the kind {_KEYS[key].__name__}.")
    licence = None
    if "provider" in data:
        terms = data.get("terms", LICENCES["own"].terms)
        licence = Licence(words(data["provider"]), data.get("publishable", False), words(terms))
    return Marker(data.get("simulated", False), licence)
