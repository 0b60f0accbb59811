"""Parts of an article that checks look at, with the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model import Article, Cell, Paragraph, Section, Table
from reportgen.model.walk import block_runs, texts

__all__ = ["block_runs", "cells", "paragraphs", "tables", "texts"]


def tables(article: Article) -> Iterator[tuple[Section, Table]]:
    """Every table with its section."""
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield section, block


def is_kind(table: Table, kind: str) -> bool:
    """Whether a table is one of a kind, such as "returns": in a brief a comparison's name stands before it."""
    return table.id == kind or table.id.endswith(f"-{kind}")


def cells(article: Article) -> Iterator[tuple[str, Cell]]:
    """Every data cell of every table with its place."""
    for section, table in tables(article):
        for row in table.body:
            for cell in row:
                if not cell.header:
                    yield f"section {section.id}, table {table.id}", cell


def paragraphs(article: Article) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph with its place."""
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield f"section {section.id}", block
