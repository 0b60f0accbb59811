"""A batch makes what `compare` makes, byte for byte; goes on where it stopped; and one failure is one failure."""

from __future__ import annotations

import json
from pathlib import Path

from reportgen import cli
from tests.batch.conftest import Make
from tests.test_determinism import digests


def test_a_batch_makes_what_compare_makes(make: Make, sample_folder: Path, tmp_path: Path) -> None:
    pairs = ("IWM,QQQ", "QQQ,SPY", "SPY,IWM,QQQ", "TLT,QQQ")
    summary = make(*pairs)
    assert summary.exit_code == 0, summary
    for pair in pairs:
        command = ["compare", *pair.split(","), "--data", str(sample_folder), "--format", "html", "--quiet"]
        assert cli.run([*command, "--out", str(tmp_path / "single")]) == 0
    assert digests(tmp_path / "out") == digests(tmp_path / "single")


def test_finished_articles_are_passed_over_until_something_changes(make: Make, tmp_path: Path) -> None:
    assert make("IWM,QQQ").counts == {"issued": 1}
    assert make("IWM,QQQ", "QQQ,SPY").counts == {"skipped": 1, "issued": 1}
    assert make("IWM,QQQ", publication="Another").counts == {"issued": 1}
    assert make("IWM,QQQ").counts == {"issued": 1}, "made for another publication"
    (page,) = (tmp_path / "out").rglob("iwm-vs-qqq/article.html")
    page.write_text(page.read_text().replace("IWM", "QQQ"))
    assert make("IWM,QQQ").counts == {"issued": 1}, "a file was changed by hand"
    assert make("IWM,QQQ").counts == {"skipped": 1}


def test_one_failure_is_one_failure(make: Make, tmp_path: Path) -> None:
    summary = make("IWM,NONE", "IWM,QQQ")
    assert summary.exit_code == 6
    failed, issued = summary.done
    assert (failed.status, failed.code, issued.status) == ("failed", 4, "issued")
    assert "no prices of NONE" in failed.message


def test_an_address_of_fsspec_holds_what_a_folder_holds(make: Make, tmp_path: Path) -> None:
    assert make("IWM,QQQ", out=f"file://{tmp_path}/there").counts == {"issued": 1}
    assert make("IWM,QQQ", out=f"file://{tmp_path}/there").counts == {"skipped": 1}
    assert make("IWM,QQQ").counts == {"issued": 1}
    assert digests(tmp_path / "there") == digests(tmp_path / "out")
    (record,) = (tmp_path / "there").rglob("run.json")
    assert len(json.loads(record.read_text())["inputs"]) == 64
