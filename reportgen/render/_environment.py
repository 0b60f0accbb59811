"""The page templates: found, compiled once a process, and blamed by file and line when they are wrong."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.errors import TemplateError

PAGES = "article"
MAIL = "email"
SHIPPED = "shipped"
"""The last folder's files under a prefix that no file hides."""
_MISTAKES = (jinja2.TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)


@lru_cache(maxsize=8)
def environment(folders: tuple[Path, ...], area: str = PAGES) -> jinja2.Environment:
    """The templates below `area` of each folder; an earlier folder's file hides a later one's, and can still extend or
    include it as "shipped/NAME", to change a block of it alone.

    Everything is escaped for HTML but what plain-text templates (`*.txt.j2`) print. A user's template is sandboxed: a
    settings file that somebody else wrote must not be able to run programs.
    """
    return ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader([folder / area for folder in folders]),
                jinja2.PrefixLoader({SHIPPED: jinja2.FileSystemLoader(folders[-1] / area)}),
            ]
        ),
        autoescape=_is_markup,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _is_markup(name: str | None) -> bool:
    return name is None or not name.endswith(".txt.j2")


def fill(name: str, folders: tuple[Path, ...], context: Mapping[str, object], area: str = PAGES) -> str:
    """The page that a template makes. Raises TemplateError with the file and the line of a mistake in it."""
    try:
        return environment(folders, area).get_template(name).render(context)
    except _MISTAKES as mistake:
        where = _where(mistake, folders, area)
        if where is None:
            raise
        what = f"this page template is broken: {str(mistake).rstrip('.')}."
        raise TemplateError(what, where=where, fix="Correct it, or remove your copy of the file.") from mistake


def _where(mistake: Exception, folders: tuple[Path, ...], area: str) -> str | None:
    """The file and line a mistake stands in; None where the program and not a template is to blame."""
    if isinstance(mistake, jinja2.TemplateSyntaxError):
        return f"{mistake.filename or mistake.name}:{mistake.lineno}"
    if isinstance(mistake, jinja2.TemplateNotFound):
        return f"{area}/{mistake.name}"
    if isinstance(mistake, UnicodeDecodeError | RecursionError):
        return area  # raised before or far below the template: its file cannot be told
    frames = traceback.extract_tb(mistake.__traceback__)
    ours = [frame for frame in frames if any(Path(frame.filename).is_relative_to(folder) for folder in folders)]
    if not ours or (ours[-1] is not frames[-1] and not isinstance(mistake, jinja2.TemplateError)):
        return None
    return f"{ours[-1].filename}:{ours[-1].lineno}"
