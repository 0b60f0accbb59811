"""The list of comparisons: what it may hold, and that every mistake is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.batch import read_pairs
from reportgen.errors import DataError, UsageError


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    return path


def test_header_comments_blanks_and_case_are_no_matter(tmp_path: Path) -> None:
    path = listed(tmp_path, 'first,second,third\n\n# the weekly ones\niwm , qqq\n"QQQ",SPY,IWM\n\n')
    pairs = read_pairs(path)
    assert [(pair.line, pair.tickers) for pair in pairs] == [(4, ("IWM", "QQQ")), (5, ("QQQ", "SPY", "IWM"))]


def test_a_pair_in_the_other_order_is_another_article(tmp_path: Path) -> None:
    assert len(read_pairs(listed(tmp_path, "IWM,QQQ\nQQQ,IWM\n"))) == 2


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = listed(tmp_path, "IWM\nIWM,QQQ\niwm,qqq\nA,B,C,D,E,F\nIWM,IWM\n../x,QQQ\nSPY,QQQ\n")
    with pytest.raises(UsageError) as raised:
        read_pairs(path)
    told = str(raised.value).splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in told[:-1]] == ["1", "3", "4", "5", "6"]
    assert "in line 2 already" in told[1]
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "# IWM,QQQ\n"])
def test_a_list_without_comparisons_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="names no comparison"):
        read_pairs(listed(tmp_path, text))


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_pairs(tmp_path / "none.csv")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(DataError, match="not text"):
        read_pairs(tmp_path / "picture.csv")
