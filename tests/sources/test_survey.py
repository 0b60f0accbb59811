from collections.abc import Callable
from datetime import date
from pathlib import Path

from reportgen.sources.survey import survey

Write = Callable[..., Path]


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path, write_prices: Write) -> None:
    write_prices("IWM", date(2024, 1, 2), date(2024, 1, 31))
    write_prices("QQQ", change=lambda text: text.splitlines()[0])
    write_prices("^IRX")
    (tmp_path / "holdings").mkdir()
    (tmp_path / "holdings" / "IWM_2024-01-31.csv").write_text("Ticker,Weight\nAAA,0.6\nBBB,0.4\n")
    (tmp_path / "funds.toml").write_text('[IWM]\nname = "Sample"\ncategory = "Small Blend"\nnet_assets = 1e9\n')
    good, broken = survey(tmp_path)
    assert (good.ticker, good.name, good.asset_class) == ("IWM", "Sample", "equity")
    assert (good.first, good.last, good.sessions) == (date(2024, 1, 2), date(2024, 1, 31), 21)
    assert (good.facts, good.holdings, good.issues) == ("undated", (date(2024, 1, 31),), ())
    assert "2024-01-02 to 2024-01-31" in good.line()
    assert "facts undated" in good.line()
    assert broken.first is None
    assert [(issue.severity, issue.code) for issue in broken.issues] == [("error", "unusable")]
    assert "header and no rows" in broken.issues[0].message
    assert "unusable" in broken.line()
    assert broken.as_json()["issues"] == [
        {
            "severity": "error",
            "code": "unusable",
            "message": broken.issues[0].message,
            "where": "prices/QQQ.csv",
        }
    ]
