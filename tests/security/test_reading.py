"""No file outside the folders that somebody named is read, whatever a folder of data or templates holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.errors import DataError, ReportgenError, TemplateError
from reportgen.model import Article, Request
from reportgen.render import html, pdf
from reportgen.resources import leads_out, template_folders
from reportgen.sources import open_source
from reportgen.sources.sample import export
from tests.security.hostile import Listener

SECRET = "the secret of another folder"
ASKED = Request(("IWM", "QQQ"))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written: Path = tmp_path_factory.mktemp("sample") / "data"
    export(written)
    return written


@pytest.fixture
def folder(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "data"))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET)
    return path


@pytest.mark.parametrize(
    "part",
    [
        "prices/IWM.csv",
        "fund_facts/IWM.json",
        "holdings/IWM_2026-03-26.csv",
        "rates/DGS3MO.csv",
        "funds.toml",
        "facts.toml",
        "source.toml",
    ],
)
def test_a_link_out_of_the_data_folder_is_not_followed(folder: Path, outside: Path, part: str) -> None:
    link = folder / part
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    with pytest.raises(DataError, match="leads out of the data folder") as refused:
        open_source("files", folder).load(ASKED)
    assert refused.value.where == part
    assert SECRET not in str(refused.value)


def test_a_folder_linked_from_elsewhere_is_not_read(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "prices", tmp_path / "prices")
    (folder / "prices").symlink_to(tmp_path / "prices")
    with pytest.raises(DataError, match="leads out of the data folder"):
        open_source("files", folder).load(ASKED)


def test_links_within_the_folder_and_a_linked_folder_itself_are_read(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "prices" / "IWM.csv", folder / "kept.txt")
    (folder / "prices" / "IWM.csv").symlink_to(folder / "kept.txt")
    (tmp_path / "linked").symlink_to(folder)
    assert open_source("files", tmp_path / "linked").load(ASKED).tickers == ("IWM", "QQQ")


@pytest.mark.parametrize("ticker", ["../IWM", "..", "/etc/passwd", "file:///etc/passwd", "IWM\0", "IWM/../QQQ", "a\\b"])
def test_a_ticker_is_never_a_path(folder: Path, ticker: str) -> None:
    with pytest.raises(ReportgenError):
        open_source("files", folder).load(Request((ticker, "QQQ")))


def test_a_link_that_leads_to_itself_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert not leads_out(tmp_path / "loop", tmp_path)


@pytest.mark.parametrize("name", ["article/extra.css", "article/linked", "commentary/tail/x.j2"])
def test_a_link_out_of_the_templates_is_refused(tmp_path: Path, outside: Path, name: str) -> None:
    own = tmp_path / "own"
    (own / name).parent.mkdir(parents=True)
    (own / name).symlink_to(outside.parent if name.endswith("linked") else outside)
    with pytest.raises(TemplateError, match="leads out of the folder of templates"):
        template_folders(own)


INCLUDES = (
    '{% include "../../elsewhere/secret.txt" %}',
    '{% include "/etc/passwd" %}',
    '{% include "file:///etc/passwd" %}',
    '{% extends "../elsewhere/secret.txt" %}',
    '{% import "..\\\\..\\\\elsewhere\\\\secret.txt" as x %}',
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ article.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
)


@pytest.mark.parametrize("text", INCLUDES)
def test_a_template_reads_no_file_beside_its_folder(sound: Article, tmp_path: Path, outside: Path, text: str) -> None:
    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    assert outside.is_file()
    (own / "screen.html.j2").write_text(text)
    with pytest.raises(TemplateError):
        html.render(sound, folders=template_folders(own.parent))


FETCHES = (
    "@import url({url}/i.css);",
    "body {{ background: url({url}/b.png) }}",
    "h1::before {{ content: url({url}/c.png) }}",
    "@font-face {{ font-family: Mine; src: url({url}/f.woff2) }} body {{ font-family: Mine }}",
    "body {{ background: url(file:///etc/hostname) }}",
)


@pytest.mark.slow
@pytest.mark.parametrize("style", FETCHES)
def test_a_stylesheet_fetches_nothing_for_paper(sound: Article, listener: Listener, tmp_path: Path, style: str) -> None:
    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    (own / "print.css").write_text(style.format(url=listener.url))
    with pytest.raises(TemplateError):
        pdf.render(sound, folders=template_folders(own.parent))
    assert listener.heard == []


@pytest.mark.parametrize("style", FETCHES)
def test_a_page_whose_stylesheet_would_fetch_is_refused_or_held(
    sound: Article, listener: Listener, tmp_path: Path, style: str
) -> None:
    from reportgen.gate import page

    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    (own / "screen.css").write_text(style.format(url=listener.url))
    try:
        made = html.render(sound, folders=template_folders(own.parent))
    except TemplateError:
        return
    findings = list(page.check(sound, made.content.decode(), made.name))
    assert any("http" in f.message or "fetch" in f.message or "url" in f.message for f in findings), findings
