"""What every answer carries, and what the archive gives away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.delivery.signed.tokens import Purpose
from tests.delivery.web.conftest import ADA, House
from tests.delivery.web.test_endpoints import ONE_CLICK, path_to, token

PLACES = [
    ("GET", "/"),
    ("GET", "/subscribe"),
    ("POST", "/subscribe"),
    ("PUT", "/subscribe"),
    ("GET", "/subscribe/style.css"),
    ("GET", "/article.html"),
    ("POST", "/article.html"),
    ("GET", "/nothing"),
    ("GET", "/../../etc/passwd"),
    *(
        (method, f"/{path_to(p)}/{token(p, f'{ADA} weekly')}")
        for p in (Purpose.LEAVE, Purpose.CONFIRM)
        for method in ("GET", "POST")
    ),
    *((method, f"/lists/{token(Purpose.PREFERENCES, str(ADA))}") for method in ("GET", "HEAD", "POST")),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "2026").mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html><title>Archive</title><p>Issues</p>")
    (folder / "article.html").write_text("<!DOCTYPE html><title>Article</title>")
    (folder / ".secret").write_text("not for you")
    (folder / "2026" / "index.html").write_text("<!DOCTYPE html><title>2026</title>")
    (tmp_path / "mail.db").write_text("addresses")
    (folder / "link.html").symlink_to(tmp_path / "mail.db")
    return folder


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_every_answer_is_secured_and_sets_no_cookie(house: House, site: Path, method: str, place: str) -> None:
    answer = house.client.request(method, place)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Strict-Transport-Security"]
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy.get("script-src", "'self'") == "'self'"
    assert ("script-src" in policy) == (place in {"/", "/article.html"} and method == "GET")
    assert not any("http" in sources or "*" in sources for sources in policy.values())
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


def test_an_internal_error_is_secured_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(house.members), "leave", broken)
    answer = house.client.post(f"/leave/{token(Purpose.LEAVE)}", data=ONE_CLICK)
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("method", "place"), PLACES)
def test_no_page_asks_for_anything_from_elsewhere(house: House, site: Path, method: str, place: str) -> None:
    if method == "HEAD" or place.endswith((".css", ".html")) or place == "/":
        return
    page = house.client.request(method, place).text
    assert not re.search(r"<(script|img|iframe|object|embed|video|audio)\b|\bon\w+=|\bstyle=|<style", page)
    addresses = re.findall(r'\b(?:src|href|action)="([^"]*)"', page)
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)


def test_pages_about_people_are_kept_by_nobody(house: House) -> None:
    for place in (f"/leave/{token(Purpose.LEAVE)}", "/subscribe", "/leave/x"):
        answer = house.client.get(place)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert "ada@" not in answer.text


def test_the_archive_is_served_as_it_is(house: House, site: Path) -> None:
    assert "Issues" in house.client.get("/").text
    assert "2026" in house.client.get("/2026/").text
    assert house.client.get("/2026").status_code in {302, 307}
    head = house.client.head("/article.html")
    assert (head.status_code, head.text) == (200, "")
    tag = house.client.get("/article.html").headers["ETag"]
    assert house.client.get("/article.html", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "place",
    [
        "/.secret", "/../mail.db", "/%2e%2e/mail.db", "/..%2fmail.db", "/link.html", "/%00", "/2026/../../mail.db",
        "/a%5c..%5cb", "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_nothing_beside_the_archive_can_be_had(house: House, site: Path, place: str) -> None:
    answer = house.client.get(place)
    assert answer.status_code == 404
    assert "addresses" not in answer.text
    assert "not for you" not in answer.text


def test_without_an_archive_the_front_page_is_the_sign_up(house: House) -> None:
    answer = house.client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/subscribe")
    assert house.client.get("/article.html").status_code == 404
