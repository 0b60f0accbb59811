"""The tables [web] and [bounces] of reportgen.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.config import Bounces, Web, read_settings
from reportgen.errors import SettingsError


def read(folder: Path, text: str) -> Path:
    path = folder / "reportgen.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_reaches_its_field(tmp_path: Path) -> None:
    settings = read_settings(
        read(
            tmp_path,
            """
[web]
host = "::1"
port = 9000
titles = ["weekly: The Friday Brief: funds"]
proxies = []
sign_ups_per_hour = 50
sign_ups_per_visitor = 2
[bounces]
soft_limit = 3
soft_days = 30
""",
        )
    )
    titles = ("weekly: The Friday Brief: funds",)
    assert settings.web == Web("::1", 9000, titles, (), 50, 2)
    assert settings.web.title("weekly") == "The Friday Brief: funds"
    assert settings.web.title("year-end") == "Year end"
    assert settings.bounces == Bounces(3, 30)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('host = "0.0.0.0:80"', "must be a host"),
        ("port = -1", "from 0 to 65535"),
        ('titles = ["weekly"]', "a list's name and its title"),
        ('titles = ["Weekly: x"]', "a list's name and its title"),
        ('titles = ["weekly: "]', "a list's name and its title"),
        ("sign_ups_per_hour = 0", "from 1 to 1000000"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        read_settings(read(tmp_path, f"[web]\n{line}\n"))
    assert "reportgen.toml:2: " in str(caught.value)
