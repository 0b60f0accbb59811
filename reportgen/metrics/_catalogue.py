"""Every metric there is, found in the family modules of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType

from reportgen.metrics._metric import MARK, Definition
from reportgen.model import DIFFERENCE, MetricSpec
from reportgen.registry import marked


@cache
def definitions() -> tuple[Definition, ...]:
    """The metrics in table order: families by name, each as it stands in its file.

    Raises TypeError where two metrics bear one name.
    """
    package = import_module("reportgen.metrics")
    found: dict[str, Definition] = {}
    for function, definition in marked(package, MARK, Definition):
        if definition.spec.name in found:
            raise TypeError(f"{function.__module__} defines the metric {definition.spec.name} a second time")
        found[definition.spec.name] = definition
    return tuple(found.values())


@cache
def catalogue() -> Mapping[str, MetricSpec]:
    """Every metric's specification by name; differences are not listed, `with_differences` adds them."""
    return MappingProxyType({d.spec.name: d.spec for d in definitions()})


@cache
def with_differences() -> Mapping[str, MetricSpec]:
    """The catalogue, and the specification of "diff.NAME" for each metric whose difference means something."""
    differences = {DIFFERENCE + s.name: difference_of(s) for s in catalogue().values() if s.difference}
    return MappingProxyType({**catalogue(), **differences})


def difference_of(spec: MetricSpec) -> MetricSpec:
    """How the difference of two funds in a metric is called and shown."""
    return replace(
        spec,
        name=DIFFERENCE + spec.name,
        label=f"Difference in {spec.label[0].lower()}{spec.label[1:]}",
        short=f"difference in {spec.short}",
        formula=f"First fund less second, on the sessions common to both. {spec.formula}",
        direction="neither",
    )
