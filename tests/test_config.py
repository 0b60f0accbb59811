"""reportgen.toml: read whole, and every mistake told at once with its line."""

from __future__ import annotations

import operator
from pathlib import Path

import pytest

from reportgen.compose import body
from reportgen.config import KEYS, SECTIONS, Settings, find_settings, read_settings
from reportgen.errors import SettingsError
from reportgen.model import ContextFunds


def write(folder: Path, text: str) -> Path:
    path = folder / "reportgen.toml"
    path.write_text(text)
    return path


def test_a_folder_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert find_settings(tmp_path) == Settings()


def test_every_key_reaches_its_field(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
[source]
kind = "files"
data = "prices"
[context]
benchmark = "VTI"
companions = ["XLE", "KRE"]
[sections]
omit = ["flows"]
disable_rules = ["flows/expiry"]
[output]
folder = "out"
formats = ["html"]
page = "Letter"
[branding]
publication = "The Friday Brief"
conflict_of_interest = "The publisher owns none of these funds."
templates = "mine"
""",
    )
    (tmp_path / "mine").mkdir()
    settings = read_settings(path)
    assert settings == find_settings(tmp_path)
    assert settings.source == "files"
    assert settings.data == tmp_path / "prices"
    assert settings.output == tmp_path / "out"
    assert settings.templates == tmp_path / "mine"
    assert settings.context == ContextFunds(benchmark="VTI", companions=("XLE", "KRE"))
    assert settings.formats == ("html",)
    assert settings.page == "Letter"
    assert settings.omitted_sections == ("flows",)
    assert settings.disabled_rules == ("flows/expiry",)
    assert settings.publication == "The Friday Brief"
    assert settings.conflict.startswith("The publisher owns")


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[source]\nkind = "bloomberg"\n\n[output]\nformat = ["html"]\n'
        'formats = ["docx"]\n[contxt]\nbenchmark = "SPY"\n',
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == ["2", "5", "6", "7"]
    assert "files, sample, snapshot, yahoo" in lines[0]
    assert "'format' in [output]; did you mean 'formats'?" in lines[1]
    assert "'docx', which must be one of html, pdf" in lines[2]
    assert "did you mean 'context'?" in lines[3]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[context]\nbenchmark = "spy"\n', "must be a ticker in capitals"),
        ("[context]\ncompanions = 3\n", "must be a list of tickers"),
        ('[branding]\npublication = ""\n', "must be a text"),
        ("source = 3\n", "must be a table"),
        ("[output\n", "not valid TOML"),
        ("[output]\nformats = []\n", "names none"),
        ('[output]\nfolder = "a\\u0000b"\n', "cannot be printed"),
        ('[sections]\nomit = ["tails"]\n', "must be one of"),
        ('[branding]\ntemplates = "absent"\n', "no folder"),
        (f"[output]\nformats = {'[' * 5000}\n", "not valid TOML"),
        (f"[output]\nformats = {'9' * 6000}\n", "not valid TOML"),
    ],
)
def test_a_wrong_value_says_what_it_must_be(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(write(tmp_path, text))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "absent.toml")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "reportgen.toml"
    path.write_bytes(b"\xef\xbb\xbf[output]\npage = 'Letter'\n")
    assert read_settings(path).page == "Letter"


def test_the_sections_that_may_be_left_out_are_those_of_the_article() -> None:
    assert {part.id for part in body._PARTS} - {"claims"} <= set(SECTIONS)


def test_every_key_has_a_meaning_and_a_field() -> None:
    for table in KEYS.values():
        for key in table.values():
            operator.attrgetter(key.field)(Settings())
            assert key.meaning


@pytest.mark.parametrize("link", ["https://example.com/{as_of}/{slug}/article.html", "https://example.com:8443"])
def test_a_link_to_the_full_article(tmp_path: Path, link: str) -> None:
    file = tmp_path / "reportgen.toml"
    file.write_text(f'[mail]\nlink = "{link}"\n')
    assert read_settings(file).link == link


@pytest.mark.parametrize(
    "link",
    ["http://example.com", "javascript:alert(1)", "https://e.com/{other}", 'https://e.com/\\"><b>', "https://e x"],
)
def test_a_link_that_is_none(tmp_path: Path, link: str) -> None:
    file = tmp_path / "reportgen.toml"
    file.write_text(f'[mail]\nlink = "{link}"\n')
    with pytest.raises(SettingsError, match="link must be an address"):
        read_settings(file)


def test_how_live_data_are_fetched(tmp_path: Path) -> None:
    path = write(tmp_path, '[fetch]\nfolder = "s"\nyears = 5\npause = 0.5\nholdings = "h"\n[source]\nkind = "yahoo"\n')
    fetch = read_settings(path).fetch
    assert (fetch.folder, fetch.years, fetch.pause, fetch.holdings) == (tmp_path / "s", 5, 0.5, tmp_path / "h")
    for text, says in (
        ("years = 0", "years must be a whole number from 1 to 60"),
        ("years = 2.5", "years must be a whole number"),
        ("pause = true", "pause must be a number from 0 to 60"),
        ("timeout = nan", "timeout must be a number from 0.1 to 600"),
    ):
        with pytest.raises(SettingsError, match=says):
            read_settings(write(tmp_path, f"[fetch]\n{text}\n"))
