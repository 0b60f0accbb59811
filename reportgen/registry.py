"""Finds plug-ins: given a package, every object in its modules that a decorator has marked.

A decorator only attaches a specification to the function; nothing registers itself at import, so what is found
depends on the files that exist and not on the order in which somebody imported them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Every module directly below a package, by name; those that begin with "_" are helpers and passed over."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package.__name__}.{info.name}")


def marked(package: ModuleType, attribute: str, kind: type[T]) -> Iterator[tuple[Callable[..., object], T]]:
    """Each function defined in the package's modules that carries `attribute`, with what it carries.

    Order: modules by name, functions as they stand in the file. Raises TypeError when the mark is of another type.
    """
    for module in modules(package):
        for thing in vars(module).values():
            if not callable(thing) or getattr(thing, "__module__", None) != module.__name__:
                continue
            mark = getattr(thing, attribute, None)
            if mark is None:
                continue
            if not isinstance(mark, kind):
                raise TypeError(f"{module.__name__}: {attribute} is {type(mark).__name__}, not {kind.__name__}")
            yield thing, mark
