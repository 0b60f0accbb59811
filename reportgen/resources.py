"""Where templates, fonts and the schema are, in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from reportgen.errors import TemplateError

Signature = tuple[tuple[str, int, int], ...]
"""Every file's path, time of last change in nanoseconds, and size."""

_PACKAGE = Path(__file__).resolve().parent


def template_root() -> Path:
    """The folder of the shipped templates: beside the package in a checkout, inside it in a wheel."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def template_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Where templates are looked for, the user's own folder first.

    Raises TemplateError for a link in that folder that leads out of it: a folder that somebody else packed must not be
    able to print our files.
    """
    shipped = template_root()
    if own is None:
        return (shipped,)
    for path in sorted(own.rglob("*")):
        if leads_out(path, own):
            raise TemplateError(
                "this link leads out of the folder of templates.", where=str(path), fix="Copy the file."
            )
    return own, shipped


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path below a folder leads, by a link, to something that is not below it."""
    # Unlike Path.resolve, realpath takes links that lead to themselves.
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def find(name: str, folders: Sequence[Path]) -> Path:
    """The first folder's file of that name. Raises FileNotFoundError, which is a broken installation."""
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path
    raise FileNotFoundError(f"{name} is in none of {', '.join(map(str, folders))}")


def merged(pattern: str, folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Every file that matches, by its name below its folder, sorted; an earlier folder's file hides a later one's."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob(pattern):
            found.setdefault(path.relative_to(folder).as_posix(), path)
    yield from sorted(found.items())


def own_files(own: Path | None) -> tuple[str, ...]:
    """The user's own template files by their names below the folder, sorted: what the colophon names."""
    if own is None:
        return ()
    return tuple(sorted(path.relative_to(own).as_posix() for path in own.rglob("*.*") if path.is_file()))


def signature(folders: Sequence[Path]) -> Signature:
    """What tells whether anything in the folders has changed since it was read."""
    files = (path for folder in folders for path in folder.rglob("*.*"))
    states = sorted((str(path), path.stat()) for path in files)
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)
