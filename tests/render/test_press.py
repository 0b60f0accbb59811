"""A second process lays out the same bytes as this one, tells the same mistakes, and is done without where it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import TemplateError
from reportgen.model import Article
from reportgen.render import pdf
from reportgen.render.press import Press
from reportgen.resources import template_folders


def test_the_bytes_are_those_of_one_process(article: Article) -> None:
    here = pdf.render(article).content
    with Press() as press:
        first, second = (pdf.begin(article, press=press)().content for _ in range(2))
    assert press.trouble is None
    assert first == second == here


def test_a_process_that_ended_is_done_without_and_told(article: Article) -> None:
    with Press() as press:
        waiting = pdf.begin(article, press=press)
        assert press._process is not None
        press._process.kill()
        assert waiting().content.startswith(b"%PDF-")
    assert press.trouble == "the second process ended before the PDF was made"
    assert pdf.begin(article, press=press)().content.startswith(b"%PDF-")


def test_a_program_that_is_not_there_is_done_without_and_told(article: Article) -> None:
    with Press("/no/such/program") as press:
        assert "could be started" in (press.trouble or "")
        assert pdf.begin(article, press=press)().content.startswith(b"%PDF-")


def test_a_mistake_in_a_stylesheet_is_told_as_from_one_process(article: Article, tmp_path: Path) -> None:
    (tmp_path / "article").mkdir()
    (tmp_path / "article" / "print.css").write_text("h1 { color: }\n")
    with Press() as press, pytest.raises(TemplateError) as told:
        pdf.begin(article, folders=template_folders(tmp_path), press=press)()
    with pytest.raises(TemplateError) as here:
        pdf.render(article, folders=template_folders(tmp_path))
    assert str(told.value) == str(here.value)
    assert press.trouble is None
