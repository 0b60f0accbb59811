"""The pages: what they change, what they answer, and what they never tell."""

from __future__ import annotations

import copy
import re
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from reportgen.delivery.signed.links import Bounced, bounced
from reportgen.delivery.signed.tokens import LIFETIME, Purpose, sign
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.web import security
from reportgen.delivery.web.desk import WAITING
from reportgen.delivery.web.room import SignUp
from reportgen.errors import WriteError
from tests.delivery.web.conftest import ADA, BOX, NOW, RING, House, build
from tests.delivery.web.twin import TwinMembers

once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
WORDS = "This link is not good"


def path_to(purpose: Purpose) -> str:
    return {Purpose.LEAVE: "leave", Purpose.CONFIRM: "confirm", Purpose.PREFERENCES: "lists"}[purpose]


def token(purpose: Purpose, says: str = f"{ADA} weekly") -> str:
    return sign(RING, purpose, says, NOW if LIFETIME[purpose] else None)


def sign_up(house: House, address: str, **more: str) -> int:
    return house.client.post("/subscribe", data={"email": address, "list": "weekly", **more}).status_code


def link_in(house: House, which: int = -1) -> str:
    text = house.letters[which].get_content()
    (link,) = re.findall(r"^https://mail\.example\.com(/\S+)$", text, re.MULTILINE)
    return str(link)


def test_signing_up_takes_a_mail_and_a_button(house: House, members: TwinMembers) -> None:
    assert sign_up(house, " Bob@Example.net ") == 200
    assert len(members.people) == 1
    assert house.desk.work_off() == 1
    (letter,) = house.letters
    assert letter["To"] == "Bob@example.net"
    assert bounced(RING, BOX, house.senders[0], NOW) == Bounced(0, 2)
    assert members.chosen(2) == frozenset()
    link = link_in(house)
    shown = house.client.get(link)
    assert "Confirm the subscription" in shown.text
    assert members.chosen(2) == frozenset()
    assert house.client.post(link).status_code == 200
    assert members.chosen(2) == frozenset({"weekly"})
    assert house.client.post(link).status_code == 200


def test_a_confirmation_expires_and_does_not_undo_leaving(house: House, members: TwinMembers) -> None:
    sign_up(house, "bob@example.net")
    house.desk.work_off()
    link = link_in(house)
    house.client.post(link)
    members.leave(2, "weekly", NOW, "page")
    assert house.client.post(link).status_code == 404
    assert members.chosen(2) == frozenset()
    house.pass_time(timedelta(days=8))
    assert house.client.get(link).status_code == 404


@pytest.mark.parametrize("form", ["urlencoded", "multipart", "empty", "text"])
def test_one_click_ends_the_subscription_at_once_in_any_encoding(house: House, members: TwinMembers, form: str) -> None:
    where = f"/leave/{token(Purpose.LEAVE)}"
    client = house.client
    for _ in range(2):
        if form == "urlencoded":
            answer = client.post(where, data=ONE_CLICK)
        elif form == "multipart":
            answer = client.post(where, files={"List-Unsubscribe": (None, "One-Click")})
        elif form == "text":
            answer = client.post(where, content=b"List-Unsubscribe=One-Click", headers={"Content-Type": "text/plain"})
        else:
            answer = client.post(where)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert members.chosen(ADA) == frozenset()
    assert members.people == {ADA: "ada@example.net"}


def test_leaving_every_list(house: House, members: TwinMembers) -> None:
    members.choose(ADA, {"weekly", "monthly"}, {"weekly", "monthly"}, NOW)
    house.client.post(f"/leave/{token(Purpose.LEAVE)}", data=ONE_CLICK)
    assert members.chosen(ADA) == frozenset({"monthly"})
    house.client.post(f"/leave/{token(Purpose.LEAVE)}", data={"everything": "yes"})
    assert members.chosen(ADA) == frozenset()


def test_a_link_to_leave_works_after_ten_years_and_for_who_is_gone(house: House, members: TwinMembers) -> None:
    house.pass_time(timedelta(days=3653))
    assert house.client.post(f"/leave/{token(Purpose.LEAVE)}", data=ONE_CLICK).status_code == 200
    assert members.chosen(ADA) == frozenset()
    members.people.clear()
    members.states.clear()
    assert house.client.post(f"/leave/{token(Purpose.LEAVE)}", data=ONE_CLICK).status_code == 200


def test_preferences_show_and_change_the_lists(house: House, members: TwinMembers) -> None:
    where = f"/lists/{token(Purpose.PREFERENCES, str(ADA))}"
    shown = house.client.get(where).text
    assert re.search(r'value="weekly" checked', shown)
    assert not re.search(r'value="monthly" checked', shown)
    changed = house.client.post(where, data={"list": ["monthly", "nobody-offers-this"]})
    assert re.search(r'value="monthly" checked', changed.text)
    assert members.chosen(ADA) == frozenset({"monthly"})
    assert house.client.post(where, data={}).status_code == 200
    assert members.chosen(ADA) == frozenset()
    members.people.clear()
    assert WORDS in house.client.get(where).text


METHODS = st.sampled_from(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
FIELDS = st.sampled_from(["email", "list", "everything", "List-Unsubscribe"])
PLACES = st.sampled_from(
    ["/", "/subscribe", "/nothing", "/subscribe/style.css"]
    + [f"/{path_to(p)}/{token(p)}" for p in (Purpose.LEAVE, Purpose.CONFIRM, Purpose.PREFERENCES)]
)


@once
@given(
    METHODS, PLACES, st.dictionaries(st.sampled_from(["email", "list", "everything", "List-Unsubscribe"]), st.text())
)
def test_what_is_no_post_changes_nothing(
    house: House, members: TwinMembers, method: str, place: str, query: dict[str, str]
) -> None:
    before = copy.deepcopy((members.people, members.states))
    answer = house.client.request(method, place, params=query)
    assert answer.status_code in {200, 302, 404, 405}
    assert house.desk.work_off() == 0
    assert (members.people, members.states) == before


@once
@given(st.data(), st.sampled_from([Purpose.LEAVE, Purpose.CONFIRM, Purpose.PREFERENCES]), st.booleans())
def test_every_bad_link_has_one_answer(
    house: House, members: TwinMembers, data: st.DataObject, purpose: Purpose, post: bool
) -> None:
    good = token(purpose)
    other = data.draw(st.sampled_from([p for p in Purpose if p is not purpose]))
    foreign = token(other, f"{ADA} weekly" if other is not Purpose.RETURN else "1.1")
    bad = data.draw(
        st.sampled_from([foreign, good[:-1], good[1:], good.swapcase(), good + "A", "x", "%00", "é"])
        | st.text("abcXYZ019-_", min_size=1, max_size=80)
    )
    before = copy.deepcopy((members.people, members.states))
    answer = house.client.request("POST" if post else "GET", f"/{path_to(purpose)}/{bad}")
    first = house.client.get(f"/{path_to(Purpose.LEAVE)}/x")
    assert (answer.status_code, answer.text) == (404, first.text)
    assert dict(answer.headers) == dict(first.headers)
    assert (members.people, members.states) == before


def test_no_answer_tells_who_is_subscribed(house: House, members: TwinMembers) -> None:
    members.suppressed[address_of("gone@example.net").hash] = "complained"
    answers = [
        house.client.post("/subscribe", data={"email": address, "list": "weekly"})
        for address in ("ada@example.net", "new@example.net", "gone@example.net", "ada@example.net")
    ]
    assert len({(answer.status_code, answer.text, str(sorted(answer.headers.items()))) for answer in answers}) == 1
    assert house.letters == []
    house.desk.work_off()
    assert [letter["To"] for letter in house.letters] == ["ada@example.net", "new@example.net", "ada@example.net"]
    assert "/lists/" in link_in(house, 0)
    assert "/confirm/" in link_in(house, 1)


def test_the_handler_never_asks_the_store_about_an_address(house: House) -> None:
    class Deaf:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"the store was asked: {name}")

    object.__setattr__(house, "members", Deaf())
    assert sign_up(house, "ada@example.net") == 200


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "a@example.net\r\nBcc: b@example.net", '"><script>', "a" * 9000])
def test_a_sign_up_that_is_none_is_told_and_escaped(house: House, typed: str) -> None:
    answer = house.client.post("/subscribe", data={"email": typed, "list": "weekly"})
    assert answer.status_code in {422, 413}
    assert "<script" not in answer.text
    assert house.desk.work_off() == 0


def test_a_sign_up_for_no_list_is_told(house: House) -> None:
    answer = house.client.post("/subscribe", data={"email": "bob@example.net", "list": "secret"})
    assert answer.status_code == 422
    assert "tick at least one" in answer.text


@pytest.mark.parametrize("place", ["/subscribe", f"/leave/{token(Purpose.LEAVE)}"])
def test_an_oversized_body_is_refused_and_changes_nothing(house: House, members: TwinMembers, place: str) -> None:
    before = copy.deepcopy(members.states)
    big = b"email=" + b"a" * 9000
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert house.client.post(place, content=big, headers=form).status_code == 413
    assert house.client.post(place, content=iter([big]), headers=form).status_code == 413
    assert house.client.post(place, content=b"&".join([b"a=1"] * 99), headers=form).status_code == 400
    assert members.states == before


def test_sign_ups_are_limited_by_visitor_and_by_all_and_forgotten_after_an_hour(tmp_path: Path) -> None:
    house = build(tmp_path, TwinMembers(), visitor=3)
    codes = [sign_up(house, f"{n}@example.net") for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    house.pass_time(timedelta(hours=1))
    assert sign_up(house, "late@example.net") == 200
    house = build(tmp_path, TwinMembers(), everyone=2)
    assert [sign_up(house, f"{n}@example.net") for n in range(3)] == [200, 200, 429]


def test_an_address_gets_three_letters_a_day_and_the_page_does_not_tell(house: House) -> None:
    assert {sign_up(house, spelling) for spelling in ["bob@example.net", "BOB@example.net "] * 4} == {200}
    house.desk.work_off()
    assert len(house.letters) == 3
    house.pass_time(timedelta(days=1))
    sign_up(house, "bob@example.net")
    house.desk.work_off()
    assert len(house.letters) == 4


def test_a_full_desk_asks_to_come_back(house: House) -> None:
    while house.desk.take(SignUp("bob@example.net", ("weekly",))):
        pass
    assert sign_up(house, "ada@example.net") == 503
    assert house.desk.work_off() == WAITING


def test_a_store_that_fails_is_told_to_the_operator_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise WriteError("the disk at /secret/place is full.")

    monkeypatch.setattr(TwinMembers, "leave", broken)
    answer = house.client.post(f"/leave/{token(Purpose.LEAVE)}", data=ONE_CLICK)
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert house.told == ["the disk at /secret/place is full."]


def test_a_letter_that_cannot_be_sent_is_told_without_its_address(house: House) -> None:
    def broken(_: object, __: str) -> None:
        raise WriteError("the relay is away.")

    house.desk.post = broken
    sign_up(house, "bob@example.net")
    house.desk.work_off()
    assert house.told == ["a sign-up waits for the next start: the relay is away."]
    assert [left.address for _, left in house.desk.room.waiting()] == ["bob@example.net"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_desk_whose_thread_has_died_takes_no_more(house: House) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    house.desk.post = broken
    house.desk.open()
    assert sign_up(house, "bob@example.net") == 200
    assert house.desk._thread is not None
    house.desk._thread.join(20)
    assert sign_up(house, "eve@example.net") == 503
    house.desk.close()


def test_a_body_that_does_not_come_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "SLOWEST_BODY", 0.05)

    async def ask() -> list[int]:
        statuses: list[int] = []

        async def receive() -> Message:
            await anyio.sleep(60)
            raise AssertionError("it was waited for")

        async def send(message: Message) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/subscribe",
            "query_string": b"",
            "headers": [],
            "root_path": "",
        }
        await house.client.app(scope, receive, send)
        return statuses

    assert anyio.run(ask) == [408]


def test_the_desk_works_in_its_own_thread_and_ends_when_told(house: House) -> None:
    house.desk.open()
    for n in range(20):
        assert sign_up(house, f"{n}@example.net") == 200
    house.desk.close()
    assert len(house.letters) == 20
    assert house.desk.room.waiting() == ()
