"""What the commands about subscribers share: the settings, the store, the keys, and how they tell what they did."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.cli._article import say
from reportgen.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from reportgen.config import Delivery, Settings
    from reportgen.delivery.store import Store

F = TypeVar("F", bound=Callable[..., Any])
KEY_FILE = Path("mail.keys")


def mail_options(function: F) -> F:
    """The options that every command about subscribers takes."""
    for option in (
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
        click.option("--json", "as_json", is_flag=True, help="Tell the result as JSON."),
        click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong."),
        click.option(
            "--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present]."
        ),
    ):
        function = option(function)
    return function


def settings_at(config: Path | None) -> Settings:
    """The settings of the file named, or of the current folder."""
    from reportgen.config import settings_of

    return settings_of(config)


def store_of(settings: Settings, *, create: bool = False) -> Store:
    """The mail store that the settings name. Raises UsageError where the extra for it is not installed."""
    try:
        from reportgen.delivery.store import open_store
    except ImportError as error:
        raise UsageError(
            f"{error.name} is not installed.", fix="Run: pip install 'fund-reportgen[delivery]'"
        ) from error
    return open_store(settings.delivery.store, create=create)


def key_file(settings: Settings) -> Path:
    """Where the signing keys are."""
    return settings.delivery.key_file or KEY_FILE


def relay_password(delivery: Delivery) -> str | None:
    """The relay's password, from the environment or the file that the settings name; None where neither holds one."""
    given = os.environ.get("REPORTGEN_RELAY_PASSWORD")
    if given is not None or delivery.relay_password_file is None:
        return given
    try:
        return delivery.relay_password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        what = "the relay's password cannot be read."
        raise SettingsError(
            what, where=str(delivery.relay_password_file), fix="Mend the file or its rights."
        ) from error


def moment() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def result(told: str, facts: Mapping[str, object], *, as_json: bool, quiet: bool) -> None:
    """Tell what was done, in words or as JSON."""
    if as_json:
        say(json.dumps(facts, ensure_ascii=False))
    elif not quiet:
        say(told)
