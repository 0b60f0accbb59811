"""A clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 3, 27, 21, 0, tzinfo=UTC)
