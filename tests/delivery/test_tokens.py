"""Tokens: nobody else can make one, and none is good for what it was not made for."""

from __future__ import annotations

import hmac
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.signed import tokens
from reportgen.delivery.signed.keys import KeyRing, SigningKey, add_key, read_keys
from reportgen.delivery.signed.links import Bounced, Links, Told, bounced, told
from reportgen.delivery.signed.tokens import LIFETIME, Purpose, check, sign
from reportgen.delivery.signed.verp import LONGEST_LOCAL, read_return, return_address
from reportgen.errors import SettingsError, WriteError

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
BOX = "bounces@example.com"


def ring(*numbers: int) -> KeyRing:
    return KeyRing(tuple(SigningKey(n, bytes([n]) * 32, date(2026, 1, n)) for n in numbers or (1,)))


def made(purpose: Purpose) -> datetime | None:
    return NOW if LIFETIME[purpose] else None


@given(st.sampled_from(Purpose), st.sampled_from(Purpose), st.text("abcdefghij0123456789.-", max_size=60))
def test_a_token_says_what_it_was_made_to_say_and_only_for_its_purpose(
    made_for: Purpose, used: Purpose, says: str
) -> None:
    token = sign(ring(), made_for, says, made(made_for))
    claim = check(ring(), used, token, NOW)
    assert (claim is not None) == (made_for is used)
    assert claim is None or claim.says == says


@given(st.data(), st.sampled_from(Purpose))
def test_any_change_to_a_token_spoils_it(data: st.DataObject, purpose: Purpose) -> None:
    token = sign(ring(), purpose, "17.weekly", made(purpose))
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=400))
    changed = data.draw(
        st.sampled_from(
            [token[:place], token[place + 1 :], token[:place] + other + token[place + 1 :], token + other, token + "="]
        )
    )
    assert (check(ring(), purpose, changed, NOW) is not None) == (changed == token)


@given(st.text(max_size=700) | st.binary(max_size=500).map(tokens._text))
def test_no_text_of_a_stranger_is_a_token(text: str) -> None:
    assert all(check(ring(), purpose, text, NOW) is None for purpose in Purpose)


@pytest.mark.parametrize("wrong", ["", "x", "A" * 40, "é", "A" * 5000, None])
def test_every_wrong_token_costs_one_hmac_and_one_comparison(
    monkeypatch: pytest.MonkeyPatch, wrong: str | None
) -> None:
    token = sign(ring(), Purpose.LEAVE, "17.weekly") if wrong is None else wrong
    calls: list[str] = []

    def count(name: str) -> None:
        real: Callable[..., object] = getattr(hmac, name)

        def counted(*given: object) -> object:
            calls.append(name)
            return real(*given)

        monkeypatch.setattr(hmac, name, counted)

    count("digest")
    count("compare_digest")
    assert check(ring(), Purpose.CONFIRM, token, NOW) is None
    assert calls == ["digest", "compare_digest"]


def test_leaving_never_expires_and_other_purposes_do() -> None:
    for purpose, lifetime in LIFETIME.items():
        token = sign(ring(), purpose, "17", made(purpose))
        late = NOW + (lifetime or timedelta(days=36_500)) + timedelta(minutes=1)
        assert check(ring(), purpose, token, NOW) is not None
        assert (check(ring(), purpose, token, late) is not None) == (lifetime is None)


def test_old_keys_are_good_for_leaving_for_ever_and_for_the_rest_until_two_newer_ones_stand() -> None:
    old = {purpose: sign(ring(1), purpose, "17", made(purpose)) for purpose in Purpose}
    for purpose, token in old.items():
        assert check(ring(1, 2), purpose, token, NOW) is not None
        assert (check(ring(1, 2, 3), purpose, token, NOW) is not None) == (purpose in {Purpose.LEAVE, Purpose.RETURN})
        assert check(ring(2, 3), purpose, token, NOW) is None


def test_a_token_is_short_and_the_same_each_time() -> None:
    token = sign(ring(), Purpose.LEAVE, "1234567.weekly")
    assert len(token) <= 50
    assert token == sign(ring(), Purpose.LEAVE, "1234567.weekly")
    with pytest.raises(ValueError, match="its time"):
        sign(ring(), Purpose.CONFIRM, "x")
    with pytest.raises(ValueError, match="no time"):
        sign(ring(), Purpose.LEAVE, "x", NOW)


@given(st.integers(1, 10**6), st.integers(1, 10**7), st.booleans())
def test_a_bounce_comes_back_to_its_subscriber_whatever_the_case(issue: int, subscriber: int, upper: bool) -> None:
    says = f"{issue}.{subscriber}"[:14]
    address = return_address(ring(), BOX, says)
    assert len(address.partition("@")[0]) <= LONGEST_LOCAL
    sent = address.upper() if upper else f"<{address}>"
    assert read_return(ring(), BOX, sent, NOW) == says


@pytest.mark.parametrize(
    "address", [BOX, "", "bounces+@example.com", "bounces+aaaa@example.com", "x@example.com", "bounces+é@example.com"]
)
def test_an_address_without_a_token_of_ours_is_nobodys(address: str) -> None:
    assert read_return(ring(), BOX, address, NOW) is None


def test_a_forged_or_foreign_return_address_is_nobodys() -> None:
    address = return_address(ring(), BOX, "3.17")
    local, _, domain = address.partition("@")
    for wrong in (
        f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
        f"{local}@other.example",
        local,
        f"other{local}@{domain}",
    ):
        assert read_return(ring(), BOX, wrong, NOW) is None
    assert read_return(ring(2), BOX, address, NOW) is None


def test_a_mailbox_too_long_for_its_token_is_refused() -> None:
    with pytest.raises(SettingsError, match="too long"):
        return_address(ring(), "a-very-long-mailbox-for-bounces-only@example.com", "3.17")


def test_the_key_file_grows_and_keeps_its_old_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    first = add_key(path, b"a" * 32, date(2026, 1, 2))
    second = add_key(path, b"b" * 32, date(2026, 11, 26))
    assert second.keys[:1] == first.keys
    assert read_keys(path) == second
    assert second.newest.number == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "aaaa" not in repr(second)
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "must rise"),
        ("1 abc 2026-01-01\n", "keys:1: is no key"),
        ("# head\nx\n", "keys:2: is no key"),
        (f"0 {'A' * 43}= 2026-01-01\n", "numbered 1 to 255"),
        (f"2 {'A' * 43}= 2026-01-01\n1 {'A' * 43}= 2026-01-01\n", "must rise"),
        ("1 é 2026-01-01\n", "cannot be read"),
    ],
)
def test_a_broken_key_file_is_told(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=says):
        read_keys(path)


def test_a_key_file_that_is_absent_or_open_to_others_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no signing keys"):
        read_keys(tmp_path / "keys")
    add_key(tmp_path / "keys", b"a" * 32, date(2026, 1, 2))
    (tmp_path / "keys").chmod(0o644)
    with pytest.raises(SettingsError, match="other users"):
        read_keys(tmp_path / "keys")


def test_a_key_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"):
        add_key(tmp_path / "file" / "keys", b"a" * 32, date(2026, 1, 2))
    full = tmp_path / "keys"
    full.write_text("".join(f"{n} {'A' * 43}= 2026-01-01\n" for n in range(1, 256)))
    full.chmod(0o600)
    with pytest.raises(WriteError, match="full"):
        add_key(full, b"a" * 32, date(2026, 1, 2))


LINKS = Links("https://mail.example.com", ring())


def test_every_link_says_whom_it_is_about() -> None:
    token = LINKS.leave(17, "weekly").removeprefix("https://mail.example.com/leave/")
    assert told(ring(), Purpose.LEAVE, token, NOW) == Told(17, ("weekly",), None)
    assert LINKS.leave_by_mail("leave@example.com", 17, "weekly") == f"mailto:leave@example.com?subject={token}"
    token = LINKS.preferences(17, NOW).removeprefix("https://mail.example.com/lists/")
    assert told(ring(), Purpose.PREFERENCES, token, NOW) == Told(17, (), NOW)
    token = LINKS.confirm(17, ["weekly", "monthly"], NOW).removeprefix("https://mail.example.com/confirm/")
    assert told(ring(), Purpose.CONFIRM, token, NOW) == Told(17, ("weekly", "monthly"), NOW)
    assert told(ring(), Purpose.LEAVE, token, NOW) is None


@given(st.integers(1, 10**5), st.integers(1, 10**8))
def test_a_bounce_names_issue_and_subscriber(issue: int, subscriber: int) -> None:
    address = LINKS.bounce_address(BOX, issue, subscriber)
    assert len(address.partition("@")[0]) <= LONGEST_LOCAL
    assert bounced(ring(), BOX, address, NOW) == Bounced(issue, subscriber)
    assert bounced(ring(2), BOX, address, NOW) is None
