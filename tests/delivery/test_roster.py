"""Subscribers as CSV: every bad line is told, nothing is half imported, and no spreadsheet runs what is written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.roster import COLUMNS, Entry, Given, Roster, read_roster, written
from reportgen.errors import DataError

GIVEN = Given(("weekly", "monthly"), date(2026, 11, 26))
HEAD = "email,list,consent_source,consent_date\n"
GOOD = "ann@example.com,weekly,form,2026-03-14\n"


def told(entry: Entry) -> tuple[str, str, str, str]:
    consent = entry.consent
    return consent.address.written, consent.list, consent.source, consent.consented.date().isoformat()


def read(text: str, given: Given = GIVEN) -> Roster:
    return read_roster(text.encode(), "a.csv", given)


def test_a_file_gives_its_entries_with_consent() -> None:
    roster = read(HEAD + GOOD + "\n" + 'bob@B\u00dcCHER.example,monthly,"fair, Berlin",2026-01-02\n')
    assert [(e.line, e.consent.address.written, e.consent.list, e.consent.source) for e in roster.entries] == [
        (2, "ann@example.com", "weekly", "form"),
        (4, "bob@xn--bcher-kva.example", "monthly", "fair, Berlin"),
    ]
    assert roster.entries[0].consent.consented == datetime(2026, 3, 14, tzinfo=UTC)


def test_spellings_of_one_person_on_one_list_count_once_and_are_told() -> None:
    roster = read(
        HEAD + GOOD + "ANN@Example.com,weekly,form,2026-03-14\n  ann@example.com ,monthly,form,2026-03-14\n" + GOOD
    )
    assert [e.line for e in roster.entries] == [2, 4]
    assert roster.doubles == (3, 5)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_other_columns_and_a_byte_order_mark(mark: str) -> None:
    text = "\ufeff" + mark.join(("Name", "EMAIL ")) + "\r\n" + mark.join(("Ann", "ann@example.com")) + "\r\n"
    roster = read(text, Given(("weekly",), GIVEN.today, None, "form", date(2026, 1, 1)))
    assert [told(e)[:3] for e in roster.entries] == [("ann@example.com", "weekly", "form")]
    assert roster.ignored == ("name",)


def test_every_bad_line_is_told_with_its_number_and_reason() -> None:
    bad = [
        "ann@,weekly,form,2026-03-14",
        "bob@example.com,daily,form,2026-03-14",
        "bob@example.com,weekly,,2026-03-14",
        "bob@example.com,weekly,form,14.3.2026",
        "bob@example.com,weekly,form,2026-11-27",
        "bob@example.com,weekly,form,",
        "bob@example.com,weekly,form",
        'bob@example.com,weekly,"never closed,2026-03-14',
    ]
    with pytest.raises(DataError) as caught:
        read(HEAD + GOOD + "\n".join(bad) + "\n")
    lines = caught.value.what.splitlines()
    assert [line.split(":")[1] for line in lines[:-1]] == [str(n) for n in range(3, 11)]
    reasons = [
        "is no mail address", "'daily' is no list of yours; known are weekly, monthly", "where the consent came from",
        "is no date", "cannot have been given on 2026-11-27", "when consent was given", "has 3 cells", "is no CSV",
    ]  # fmt: skip
    assert all(reason in line for reason, line in zip(reasons, lines, strict=False))
    assert lines[-1] == "Nothing was imported."


@pytest.mark.parametrize("text", ["", "name\nx\n", "email,email\na,b\n", "ann@example.com\n", '"email\n'])
def test_a_file_without_columns_is_told(text: str) -> None:
    with pytest.raises(DataError, match=r"name the columns|is no CSV"):
        read(text)


def test_what_is_not_utf8_is_told_with_its_line() -> None:
    with pytest.raises(DataError, match=r"a\.csv:2: is not UTF-8"):
        read_roster(b"email\nb\xfccher@example.com\n", "a.csv", GIVEN)


def test_a_thousand_bad_lines_are_told_in_a_hundred() -> None:
    with pytest.raises(DataError, match="and 900 more bad lines"):
        read(HEAD + "x,weekly,form,2026-03-14\n" * 1000)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for text in (content, HEAD.encode() + content, HEAD.encode() + GOOD.encode() + content):
        refusal = ""
        try:
            roster = read_roster(text, "a.csv", GIVEN)
        except DataError as error:
            refusal = str(error)
        assert "a.csv:" in refusal if refusal else all("@" in told(entry)[0] for entry in roster.entries)


CELLS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
LOCALS = st.from_regex(r"[a-z=+'!#$%&*/?^_`{|}~-]{1,12}", fullmatch=True)


@given(st.dictionaries(LOCALS, CELLS, max_size=5))
def test_what_is_written_is_read_again_and_no_cell_is_a_formula(rows: dict[str, str]) -> None:
    table = [(f"{local}@example.com", "weekly", source, "2026-03-14") for local, source in rows.items()]
    text = "".join(written(COLUMNS, table))
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert [told(e) for e in read(text).entries] == table
