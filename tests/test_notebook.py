"""The guide to Python and notebooks, executed as a notebook by a real kernel."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen import cli

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = pytest.mark.slow

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "python.md"
PLACES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> list[NotebookNode]:
    """The guide's Python blocks as cells of a notebook, with what each of them showed."""
    import nbformat
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(block) for block in blocks])
    with pytest.MonkeyPatch.context() as patch:
        for place in PLACES:
            patch.setenv(place, str(folder / place))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        assert cli.run(["demo", "--export-data", str(folder / "sample"), "--quiet"]) == 0
        client = NotebookClient(
            notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        )
        return list(client.execute().cells)


def shown(cell: NotebookNode, kind: str) -> str:
    """What a cell's last line showed, in one form."""
    (output,) = (each for each in cell.outputs if each.output_type == "execute_result")
    text: str = output.data[kind]
    return text


def test_the_article_shows_itself_in_a_frame_of_its_own(executed: list[NotebookNode]) -> None:
    html = shown(executed[1], "text/html")
    frame = re.fullmatch(r'<iframe srcdoc="([^"]*)" ([^>]*)></iframe>', html)
    assert frame
    assert "<" not in frame[1]
    assert "sandbox=" in frame[2]
    page = unescape(frame[1])
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<h1") == 1
    assert "Simulated sample data" in page


def test_facts_frames_and_statements_show_what_the_guide_says(executed: list[NotebookNode]) -> None:
    assert shown(executed[2], "text/plain").startswith("(-0.351")
    table = shown(executed[3], "text/html")
    assert re.findall(r"<th>([^<]*/volatility/5Y)</th>", table)[:2] == ["IWM/volatility/5Y", "QQQ/volatility/5Y"]
    (printed,) = (output.text for output in executed[4].outputs if output.output_type == "stream")
    assert printed.splitlines()[0].startswith("headline/")
    assert len(printed.splitlines()) == 3


def test_what_is_saved_is_what_the_command_line_writes(executed: list[NotebookNode]) -> None:
    names = shown(executed[5], "text/plain")
    for name in ("article.html", "charts", "facts.json", "run.json"):
        assert name in names
    assert "article.pdf" not in names
