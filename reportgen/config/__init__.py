"""reportgen.toml as frozen settings. The command line wins over the file, the file over the defaults."""

from reportgen.config._brief import COVER, Brief
from reportgen.config._checks import TICKER, Key
from reportgen.config._delivery import Delivery
from reportgen.config._document import beginning, documentation
from reportgen.config._fetch import FetchSettings
from reportgen.config._read import FILE_NAME, applied, find_settings, read_settings, settings_of
from reportgen.config._schedule import Schedule, Site
from reportgen.config._settings import (
    DEFAULT_FORMATS,
    FORMATS,
    KEYS,
    NO_CONFLICT,
    PAGE_SIZES,
    PDF_VARIANTS,
    SECTIONS,
    Settings,
)
from reportgen.config._sources import SOURCE_GROUP, SOURCES, installed_sources
from reportgen.config._web import Bounces, Web
from reportgen.config._write import as_tables, from_tables

__all__ = [
    "COVER",
    "DEFAULT_FORMATS",
    "FILE_NAME",
    "FORMATS",
    "KEYS",
    "NO_CONFLICT",
    "PAGE_SIZES",
    "PDF_VARIANTS",
    "SECTIONS",
    "SOURCES",
    "SOURCE_GROUP",
    "TICKER",
    "Bounces",
    "Brief",
    "Delivery",
    "FetchSettings",
    "Key",
    "Schedule",
    "Settings",
    "Site",
    "Web",
    "applied",
    "as_tables",
    "beginning",
    "documentation",
    "find_settings",
    "from_tables",
    "installed_sources",
    "read_settings",
    "settings_of",
]  # fmt: skip
