"""The one door to WeasyPrint: opened late, because it takes longer to load than all the rest, and watched.

Loading it needs Pango, a library of the system. Laying out must reach for nothing but our own font files: no network,
no system font, no file of the user's that a template or a fund's name happens to point at.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import gc
import io
import logging
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType, ModuleType

from reportgen.errors import DataError
from reportgen.render._lettering import set_whole

_DEBIAN = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_NOTHING: Mapping[str, tuple[str, bytes]] = MappingProxyType({})
_PANGO = (
    f"Install it: on Debian or Ubuntu with `{_DEBIAN}`, on macOS with `brew install pango`, on Windows with "
    "`pacman -S mingw-w64-ucrt-x86_64-pango` in MSYS2 (and C:\\msys64\\ucrt64\\bin on the PATH). "
    "Or ask for the page alone with --format html."
)


@lru_cache(maxsize=1)
def library() -> ModuleType:
    """WeasyPrint, loaded once. Raises DataError that names Pango and how to install it where it is missing."""
    try:
        return _load()
    except OSError as missing:
        what = f"the PDF needs Pango, a library for setting text, which is not on this machine ({missing})."
        raise DataError(what, fix=_PANGO) from missing


def _load() -> ModuleType:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), _plain_library_names():
        # An old HarfBuzz without its subsetter is no reason to stop: fontTools does the work then.
        warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*HarfBuzz-Subset.*")
        import weasyprint
        import weasyprint.svg
        import weasyprint.text.fonts
        import weasyprint.urls
    set_whole(weasyprint.svg)
    module: ModuleType = weasyprint
    return module


@contextlib.contextmanager
def _plain_library_names() -> Iterator[None]:
    """On Linux, keeps the loader from asking ldconfig and gcc for names that it then finds by itself.

    WeasyPrint tries several names for each library, and each wrong one starts two or three programs: a third of the
    time that loading it takes. The right names ("libpango-1.0.so.0") need no search.
    """
    if sys.platform != "linux":
        yield
        return
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None  # noqa: ARG005
    try:
        yield
    finally:
        ctypes.util.find_library = search


@contextlib.contextmanager
def complaints() -> Iterator[list[str]]:
    """Collects what WeasyPrint would only log: a rule it ignores, a picture it cannot read, a font it cannot load."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    listener = Listener(logging.WARNING)
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Switches the garbage collector off while a document is laid out: many objects, none of them garbage yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fetcher(allowed: frozenset[str], given: Mapping[str, tuple[str, bytes]] = _NOTHING) -> object:
    """A fetcher that opens the named addresses and refuses every other one.

    given: contents that are at hand already, with their media types, by the addresses that stand for them.
    """
    urls = library().urls

    class OwnFilesOnly(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if url in given:
                media_type, content = given[url]
                return urls.URLFetcherResponse(url, content, {"Content-Type": media_type})
            if url not in allowed:
                raise ValueError(f"the PDF may not fetch {url}")
            return super().fetch(url, headers)

    return OwnFilesOnly(allowed_protocols=["file"])
