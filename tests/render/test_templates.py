"""A user's own templates and stylesheets: they win file by file, and mistakes in them are named by file and line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from reportgen.errors import TemplateError
from reportgen.model import Article
from reportgen.render import html, pdf
from reportgen.resources import template_folders, template_root


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "article").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{% if %}", "Expected an expression"),
        ("{{ artcle.slug }}", "'artcle' is undefined"),
        ("{{ article.tickers + 1 }}", "concatenate tuple"),
        ("{{ article.slug | shout }}", "No filter named 'shout'"),
        ("{% include 'absent.j2' %}", "absent.j2"),
    ],
)
def test_a_broken_template_is_named_with_its_line(own: Path, article: Article, line: str, message: str) -> None:
    template = own / "article" / "screen.html.j2"
    template.write_text(f'{{% extends "page.html.j2" %}}\n{{% block contents %}}\n{line}\n{{% endblock %}}\n')
    with pytest.raises(TemplateError, match=message) as caught:
        html.render(article, folders=template_folders(own))
    assert str(caught.value).startswith(f"{template}:3") or "absent.j2" in str(caught.value.where)


def test_a_block_can_be_replaced_alone(own: Path, article: Article) -> None:
    shipped = (template_root() / "article" / "screen.html.j2").read_text()
    changed = shipped + "{% block masthead %}<h1>{{ runs(article.masthead.title) }}</h1>{% endblock %}\n"
    (own / "article" / "screen.html.j2").write_text(changed)
    page = html.render(article, folders=template_folders(own)).content.decode()
    assert '<header class="masthead"' not in page
    assert 'id="figure-growth"' in page


def test_a_stylesheet_that_paper_cannot_follow_is_named_with_its_line(own: Path, article: Article) -> None:
    sheet = (template_root() / "article" / "print.css").read_text() + "\np { wobble: 3 }\n"
    (own / "article" / "print.css").write_text(sheet)
    with pytest.raises(TemplateError, match="wobble") as caught:
        pdf.render(article, folders=template_folders(own))
    assert caught.value.where == f"article/print.css:{len(sheet.splitlines())}"


def test_colors_can_be_changed_by_one_file(own: Path, article: Article) -> None:
    base = (template_root() / "article" / "base.css").read_text()
    (own / "article" / "base.css").write_text(base.replace("--ink: #14345c", "--ink: #004d40"))
    folders = template_folders(own)
    assert "--ink: #004d40" in html.render(article, folders=folders).content.decode()
    assert pdf.render(article, folders=folders).sha256 != pdf.render(article).sha256


def test_same_article_same_bytes(article: Article) -> None:
    assert html.render(article).sha256 == html.render(dataclasses.replace(article)).sha256


def test_a_file_can_extend_the_one_that_it_hides(own: Path, article: Article) -> None:
    block = "{% block masthead %}<h1>{{ runs(article.masthead.title) }}</h1>{% endblock %}"
    text = '{% extends "shipped/screen.html.j2" %}' + block
    (own / "article" / "screen.html.j2").write_text(text)
    page = html.render(article, folders=template_folders(own)).content.decode()
    assert '<header class="masthead"' not in page
    assert 'class="skip"' in page
    assert 'id="figure-growth"' in page


def test_one_kind_of_block_can_be_set_otherwise(own: Path, article: Article) -> None:
    (own / "article" / "blocks").mkdir()
    text = '<div class="framed">{% include "shipped/blocks/figure.html.j2" %}</div>'
    (own / "article" / "blocks" / "figure.html.j2").write_text(text)
    page = html.render(article, folders=template_folders(own)).content.decode()
    assert page.count('<div class="framed">') == page.count("<figure") > 0
    assert html.render(article).content.decode().count("<table") == page.count("<table")
