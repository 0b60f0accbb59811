"""The pages' and letters' templates below `templates/web`, filled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.errors import TemplateError

AREA = "web"
STYLE = "style.css"


@lru_cache(maxsize=4)
def _environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    """A user's own templates win file by file; they are sandboxed, and all they print in HTML is escaped."""
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([folder / AREA for folder in folders]),
        autoescape=lambda name: name is None or not name.endswith(".txt.j2"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def fill(name: str, folders: tuple[Path, ...], names: Mapping[str, object]) -> str:
    """The page or letter that a template makes. Raises TemplateError with the file of a mistake in it."""
    try:
        return _environment(folders).get_template(name).render(names)
    except jinja2.TemplateError as mistake:
        line = f":{mistake.lineno}" if isinstance(mistake, jinja2.TemplateSyntaxError) else ""
        what = f"this template is broken: {str(mistake).rstrip('.')}."
        raise TemplateError(
            what, where=f"{AREA}/{name}{line}", fix="Correct it, or remove your copy of it."
        ) from mistake
