"""Returned mail: what each says, whom it is about, what follows, and that it follows once."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.delivery.bounces import Handled, Handler, MaildirSource, read_bounces
from reportgen.delivery.bounces.classify import by_status, classify
from reportgen.delivery.bounces.read import parsed
from reportgen.delivery.bounces.whose import who_leaves, whose
from reportgen.delivery.signed.keys import KeyRing, SigningKey
from reportgen.delivery.signed.links import Links
from reportgen.delivery.store import Store, open_store, subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.errors import DataError
from tests.delivery.bounces import letters

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
RING = KeyRing((SigningKey(1, b"k" * 32, date(2026, 1, 1)),))
STRANGER = KeyRing((SigningKey(1, b"x" * 32, date(2026, 1, 1)),))
BOX = "bounces@example.com"
ANN = 1


def filled(letter: str, *, issue: int = 7, ring: KeyRing = RING) -> bytes:
    links = Links("https://mail.example.com", ring)
    token = links.leave(ANN, "weekly").rpartition("/")[2]
    return letter.replace("{to}", links.bounce_address(BOX, issue, ANN)).replace("{token}", token).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'mail.db'}")
    with opened.write() as db:
        added = subscribers.add(db, "ann@example.net", "weekly", now=NOW, source="web", confirmed=True)
    assert added.subscriber == ANN
    yield opened
    opened.close()


@pytest.fixture
def handler(store: Store) -> Handler:
    return Handler(store, RING, BOX, soft_limit=3, soft_days=30)


def reason(store: Store) -> str | None:
    with store.read() as db:
        return suppression.reason_of(db, address_of("ann@example.net").hash)


@pytest.mark.parametrize(
    ("letter", "kind", "status"),
    [
        (letters.POSTFIX, "hard", "5.1.1"),
        (letters.POSTFIX_EXPIRED, "soft", "4.4.1"),
        (letters.POSTFIX_DELAYED, "delayed", "4.4.1"),
        (letters.EXIM, "hard", "5.0.0"),
        (letters.EXIM_OLD, "hard", None),
        (letters.GMAIL, "hard", "5.1.1"),
        (letters.GMAIL_FULL, "soft", "5.2.2"),
        (letters.MICROSOFT, "hard", "5.1.10"),
        (letters.MICROSOFT_BLOCKED, "blocked", "5.7.515"),
        (letters.NULL_MX, "hard", "5.4.4"),
        (letters.DELIVERED, "other", "2.0.0"),
        (letters.TWO, "hard", "5.1.1"),
        (letters.QMAIL, "hard", None),
        (letters.COMPLAINT, "complaint", None),
        (letters.NOT_SPAM, "other", None),
        (letters.VACATION, "other", None),
        (letters.LEAVE, "other", None),
        ("", "other", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_each_host_reports(letter: str, kind: str, status: str | None, end: str) -> None:
    report = classify(parsed(filled(letter).replace(b"\n", end.encode())))
    assert (report.kind, report.status) == (kind, status)


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        ("5.1.2", "", "hard"),
        ("5.1.8", "550 sender's domain not accepted", "soft"),
        ("5.2.1", "mailbox disabled", "hard"),
        ("5.3.4", "message too big", "soft"),
        ("5.0.0", "550 5.7.1 refused", "blocked"),
        ("5.0.0", "554 5.1.1 gone", "hard"),
        ("5.5.0", "550 Requested action not taken: mailbox unavailable", "soft"),
        ("5.5.0", "550 user does not exist", "hard"),
        ("5.0.0", "554 listed on a blocklist", "blocked"),
        (None, "550 no such user", "hard"),
        (None, "", "soft"),
        ("nonsense", "nonsense", "soft"),
        ("4.2.2", "mailbox full", "soft"),
        ("4.7.1", "greylisted for ever", "blocked"),
    ],
)
def test_codes_and_words_of_a_failed_delivery(status: str | None, told: str, kind: str) -> None:
    assert by_status("failed", status, told).kind == kind


HARD = [
    letters.POSTFIX,
    letters.EXIM,
    letters.EXIM_OLD,
    letters.GMAIL,
    letters.MICROSOFT,
    letters.NULL_MX,
    letters.QMAIL,
]


@pytest.mark.parametrize("letter", HARD)
def test_a_hard_bounce_suppresses_its_subscriber_and_counts_once(handler: Handler, store: Store, letter: str) -> None:
    first = handler.handle("a", filled(letter), NOW)
    assert (first.outcome, first.subscriber, first.issue) == ("suppressed", ANN, 7)
    assert reason(store) == "bounced"
    again = filled(letter).replace(b"\n", b"\r\n")
    assert handler.handle("b", again, NOW).outcome == "again"


@pytest.mark.parametrize("letter", [letters.COMPLAINT, letters.COMPLAINT_REDACTED])
def test_a_complaint_suppresses_whoever_the_original_went_to(handler: Handler, store: Store, letter: str) -> None:
    assert handler.handle("a", filled(letter), NOW).outcome == "suppressed"
    assert reason(store) == "complained"


def test_soft_bounces_count_by_issue_and_within_their_time(handler: Handler, store: Store) -> None:
    def soft(issue: int, days: int, letter: str = letters.GMAIL_FULL) -> str:
        return handler.handle("a", filled(letter, issue=issue), NOW + timedelta(days=days)).outcome

    assert soft(1, 0) == "counted"
    assert soft(2, 20) == "counted"
    assert soft(2, 21, letters.POSTFIX_EXPIRED) == "counted"
    assert soft(3, 40) == "counted"
    assert reason(store) is None
    assert soft(4, 41) == "suppressed"
    assert reason(store) == "bounced"


def test_delays_and_refusals_of_the_sender_are_no_mark_against_anybody(handler: Handler, store: Store) -> None:
    for issue in range(20):
        for letter in (letters.POSTFIX_DELAYED, letters.MICROSOFT_BLOCKED):
            assert handler.handle("a", filled(letter, issue=issue), NOW).outcome == "noted"
    assert reason(store) is None


@pytest.mark.parametrize("letter", [*HARD, letters.COMPLAINT, letters.GMAIL_FULL])
def test_a_forged_report_does_nothing(handler: Handler, store: Store, letter: str) -> None:
    forged = filled(letter, ring=STRANGER)
    assert handler.handle("a", forged, NOW).outcome == "stranger"
    assert handler.handle("a", letter.replace("{to}", BOX).encode(), NOW).outcome == "stranger"
    assert reason(store) is None


def test_a_mail_with_the_token_as_its_subject_leaves_the_list(handler: Handler, store: Store) -> None:
    for letter in (
        letters.LEAVE.replace("{token}", "no token"),
        letters.LEAVE.replace("\n\n", "\nAuto-Submitted: auto-replied\n\n"),
    ):
        assert handler.handle("a", filled(letter), NOW).outcome == "other"
    assert handler.handle("a", filled(letters.LEAVE, ring=STRANGER), NOW).outcome == "other"
    assert handler.handle("a", filled(letters.LEAVE.replace("{token}", "Re: {token}")), NOW).outcome == "left"
    with store.read() as db:
        assert [standing.state for standing in subscribers.standings(db, ANN)] == ["left"]
    assert handler.handle("b", filled(letters.LEAVE.replace("{token}", "Re: {token}")), NOW).outcome == "again"


def test_a_bounce_of_one_who_is_erased_is_noted(handler: Handler, store: Store) -> None:
    with store.write() as db:
        subscribers.erase(db, ANN, now=NOW)
    assert handler.handle("a", filled(letters.POSTFIX), NOW).outcome == "noted"


def test_no_word_of_a_report_stays_in_the_store(handler: Handler, store: Store, tmp_path: Path) -> None:
    handler.handle("a", filled(letters.POSTFIX), NOW)
    with store.write() as db:
        subscribers.erase(db, ANN, now=NOW)
    store.close()
    assert b"ann@example" not in b"".join(path.read_bytes() for path in tmp_path.glob("mail.db*"))


def maildir(folder: Path, *contents: bytes) -> mailbox.Maildir:
    box = mailbox.Maildir(str(folder), create=True)
    for content in contents:
        box.add(content)
    return box


def outcomes(handled: Iterator[Handled]) -> list[str]:
    return sorted(one.outcome for one in handled)


def test_a_maildir_is_read_once_and_keeps_what_is_no_report(handler: Handler, tmp_path: Path) -> None:
    box = maildir(
        tmp_path / "box", filled(letters.POSTFIX), filled(letters.VACATION), filled(letters.POSTFIX, ring=STRANGER)
    )
    source = MaildirSource(tmp_path / "box")
    assert outcomes(read_bounces(source, handler, NOW)) == ["other", "stranger", "suppressed"]
    assert outcomes(read_bounces(source, handler, NOW)) == []
    assert len(list(box.iterkeys())) == 3
    box.add(filled(letters.POSTFIX))
    box.add(filled(letters.VACATION))
    assert outcomes(read_bounces(MaildirSource(tmp_path / "box", delete=True), handler, NOW)) == ["again", "other"]
    assert len(list(box.iterkeys())) == 4


def test_a_crash_between_store_and_box_deals_with_nothing_twice(handler: Handler, store: Store, tmp_path: Path) -> None:
    maildir(tmp_path / "box", filled(letters.GMAIL_FULL))
    for _ in range(5):
        next(iter(MaildirSource(tmp_path / "box").unread()))
        (mail,) = MaildirSource(tmp_path / "box").unread()
        handler.handle(mail.name, mail.content, NOW)
    assert reason(store) is None


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no Maildir"):
        MaildirSource(tmp_path)


SAMPLES = [value for name, value in vars(letters).items() if name.isupper() and isinstance(value, str)]
fuzzing = settings(suppress_health_check=[HealthCheck.too_slow])


@fuzzing
@given(st.data())
def test_any_bytes_are_told_apart_without_a_crash(data: st.DataObject) -> None:
    base = bytearray(filled(data.draw(st.sampled_from(SAMPLES))))
    for _ in range(data.draw(st.integers(0, 8))):
        start = data.draw(st.integers(0, max(len(base) - 1, 0)))
        end = data.draw(st.integers(start, min(len(base), start + 200)))
        other = [b"", b"\n", b"\n\n", b"--=_b\n", bytes(base[start:end]) * 2]
        base[start:end] = data.draw(st.binary(max_size=30) | st.sampled_from(other))
    mail = parsed(bytes(base))
    report = classify(mail)
    assert report.kind in {"hard", "soft", "blocked", "complaint", "delayed", "other"}
    about = whose(mail, RING, BOX, NOW)
    assert about is None or about.subscriber == ANN
    leaving = who_leaves(mail, RING, NOW)
    assert leaving is None or leaving.subscriber == ANN


@pytest.mark.parametrize("depth", [50, 5000])
def test_a_mail_nested_without_end_is_no_report(depth: int) -> None:
    opening = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    report = classify(parsed(opening.encode()))
    assert report.kind == "other"
    assert whose(parsed(opening.encode()), RING, BOX, NOW) is None


def test_a_report_with_very_many_addresses_is_read_in_bounded_work() -> None:
    many = ", ".join(f"bounces+{n}@example.com" for n in range(5000))
    mail = message_from_string(f"To: {many}\nDelivered-To: x\n\nbody")
    assert whose(mail, RING, BOX, NOW) is None
