"""The sentences that every article carries, and a publisher's own in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.compose.sentences import load_sentences, shipped_sentences
from reportgen.errors import TemplateError
from reportgen.resources import template_folders


def test_an_own_sentence_wins_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "disclosures.toml").write_text('advice = "It is not investment advice."\n')
    own = load_sentences(template_folders(tmp_path))
    assert own.advice == "It is not investment advice."
    assert own.legend == shipped_sentences().legend


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('advise = "None."\n', "no sentence 'advise'"),
        ("advice = 3\n", "must be a text"),
        ('advice = " "\n', "must be a text"),
        ('advice = "Call 555."\n', "holds a digit"),
        ("advice\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "disclosures.toml").write_text(text)
    with pytest.raises(TemplateError, match=says):
        load_sentences(template_folders(tmp_path))
