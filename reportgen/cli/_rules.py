"""The three commands below `reportgen rules`."""

from __future__ import annotations
