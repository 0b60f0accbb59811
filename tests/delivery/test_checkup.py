"""The check-up of a delivery, on DNS answers that are given."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.config import Delivery
from reportgen.delivery.checks import authentication, checkup
from reportgen.delivery.checks.authentication import Finding
from reportgen.delivery.checks.dns import Answers, answers_of
from reportgen.errors import DataError, NetworkError

KEY_2048 = base64.b64encode(b"k" * 294).decode()
KEY_1024 = base64.b64encode(b"k" * 162).decode()
KEY_512 = base64.b64encode(b"k" * 94).decode()


def dns(**records: str | list[str]) -> Answers:
    """TXT records by name; "__" stands for a dot."""
    known = {
        name.replace("__", "."): {"TXT": [text] if isinstance(text, str) else text} for name, text in records.items()
    }
    return Answers(known)


def chain(length: int) -> Answers:
    links = {f"n{n}.example": {"TXT": [f"v=spf1 include:n{n + 1}.example -all"]} for n in range(length)}
    return Answers({**links, f"n{length}.example": {"TXT": ["v=spf1 -all"]}})


@pytest.mark.parametrize(
    ("record", "level", "told"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", "ok", "0 DNS questions"),
        ("v=spf1 a mx:example.net exists:%{i}.example ~all", "ok", "3 DNS questions"),
        ("v=spf1 redirect=other.example", "ok", "1 DNS questions"),
        ("v=spf1 ip4:192.0.2.1 ?all", "advice", "forbids nothing"),
        ("v=spf1 a", "advice", "forbids nothing"),
        ("v=spf1 +all", "bad", "everybody"),
        ("v=spf1 all", "bad", "everybody"),
        (["v=spf1 -all", "v=spf1 a -all"], "bad", "2 records"),
        (["v=spf10 -all", "something else"], "bad", "no record"),
        ([], "bad", "no record"),
    ],
)
def test_spf(record: str | list[str], level: str, told: str) -> None:
    found = authentication.spf(dns(example__com=record), "example.com")
    assert (found.level, found.what) == (level, "SPF")
    assert told in found.told


@pytest.mark.parametrize(("length", "level"), [(10, "ok"), (11, "bad")])
def test_spf_may_cost_ten_questions_and_no_more(length: int, level: str) -> None:
    assert authentication.spf(chain(length), "n0.example").level == level


def test_spf_in_a_circle_costs_too_much_and_ends() -> None:
    circle = dns(
        a__example="v=spf1 include:b.example -all", b__example="v=spf1 include:a.example include:a.example -all"
    )
    assert authentication.spf(circle, "a.example").level == "bad"


@pytest.mark.parametrize(
    ("record", "level", "told"),
    [
        (f"v=DKIM1; k=rsa; p={KEY_2048}", "ok", "rsa"),
        (f"p={KEY_2048}", "ok", "rsa"),
        ("v=DKIM1; k=ed25519; p=" + base64.b64encode(b"k" * 32).decode(), "ok", "ed25519"),
        (f"v=DKIM1; p={KEY_1024}", "advice", "2,048 bits"),
        (f"v=DKIM1; p={KEY_512}", "bad", "1,024 bits"),
        (f"v=DKIM1; t=y; p={KEY_2048}", "advice", "t=y"),
        (f"v=DKIM1; h=sha1; p={KEY_2048}", "bad", "sha256"),
        ("v=DKIM1; p=", "bad", "revoked"),
        ("v=DKIM1; p=!!!", "bad", "base64"),
        ([], "bad", "no key"),
        ([f"p={KEY_2048}", f"p={KEY_1024}"], "bad", "2 keys"),
    ],
)
def test_dkim(record: str | list[str], level: str, told: str) -> None:
    found = authentication.dkim(dns(s1___domainkey__example__com=record), "example.com", "s1")
    assert (found.level, found.what) == (level, "DKIM")
    assert told in found.told


@pytest.mark.parametrize(
    ("record", "level", "told"),
    [
        ("v=DMARC1; p=reject; rua=mailto:d@example.com", "ok", "p=reject"),
        ("v=DMARC1; p=none; rua=mailto:d@example.com", "advice", "p=none"),
        ("v=DMARC1; p=quarantine", "advice", "rua="),
        ("v=DMARC1; p=maybe", "bad", "p=maybe"),
        ([], "bad", "no record"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "bad", "no record"),
    ],
)
def test_dmarc(record: str | list[str], level: str, told: str) -> None:
    found = authentication.dmarc(dns(_dmarc__example__com=record), "example.com")
    assert (found.level, found.what) == (level, "DMARC")
    assert told in found.told


def test_a_subdomain_has_the_record_above_it_with_its_own_policy() -> None:
    above = dns(_dmarc__example__com="v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com")
    assert "p=none" in authentication.dmarc(above, "news.example.com").told
    assert authentication.dmarc(above, "example.org").level == "bad"


@pytest.mark.parametrize(
    ("envelope", "record", "level"),
    [
        ("example.com", "v=DMARC1; p=none", "ok"),
        ("bounces.example.com", "v=DMARC1; p=none", "ok"),
        ("bounces.example.com", "v=DMARC1; p=none; aspf=s", "advice"),
        ("relay.example.net", "v=DMARC1; p=none", "advice"),
        ("notexample.com", "v=DMARC1; p=none", "advice"),
    ],
)
def test_alignment(envelope: str, record: str, level: str) -> None:
    assert authentication.alignment(dns(_dmarc__example__com=record), "example.com", envelope).level == level


@pytest.mark.parametrize(
    ("records", "level"),
    [({"MX": ["10 mx.example.com."]}, "ok"), ({"A": ["192.0.2.1"]}, "ok"), ({}, "bad"), ({"MX": ["0 ."]}, "bad")],
)
def test_bounces_need_a_host_that_takes_mail(records: dict[str, list[str]], level: str) -> None:
    assert authentication.bounce_host(Answers({"example.com": records}), "example.com").level == level


@given(st.text(max_size=200))
def test_no_record_of_a_stranger_stops_the_check_up(text: str) -> None:
    known = dns(
        example__com=f"v=spf1 {text}", _dmarc__example__com=f"v=DMARC1;{text}", s___domainkey__example__com=f"p={text}"
    )
    delivery = Delivery(sender="a@example.com", base="https://example.com")
    assert len(list(checkup.names(known, delivery, ["s"]))) == 5


def test_what_every_mail_has_to_carry() -> None:
    good = Delivery(
        base="https://mail.example.com",
        bounce_address="b@example.com",
        postal_address="1 Main Street",
        unsubscribe_mailbox="l@example.com",
    )
    assert [f.level for f in checkup.wording(good)] == ["ok"] * 4
    assert [f.level for f in checkup.wording(Delivery())] == ["bad", "advice", "advice", "advice"]
    assert next(checkup.wording(Delivery(base="http://localhost"))).level == "bad"


def test_the_relay_is_greeted() -> None:
    assert checkup.relay(None).level == "advice"
    assert checkup.relay(lambda: None).level == "ok"
    assert checkup.relay(lambda: "the certificate is not to be trusted") == Finding(
        "relay", "bad", "the certificate is not to be trusted"
    )


def test_an_error_is_a_finding() -> None:
    def broken() -> Finding:
        raise NetworkError("away.")

    assert checkup.told(broken, "relay") == Finding("relay", "bad", "away.")


@pytest.mark.parametrize("text", ["", "[]", '{"a": 3}', '{"a": {"TXT": "v=spf1"}}', '{"a": {"TXT": [3]}}'])
def test_a_file_of_answers_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "dns.json").write_text(text)
    with pytest.raises(DataError, match="no DNS answers"):
        answers_of(tmp_path / "dns.json")


def test_answers_are_found_whatever_the_case(tmp_path: Path) -> None:
    (tmp_path / "dns.json").write_text(json.dumps({"Example.COM.": {"TXT": ["v=spf1 -all"]}}))
    assert answers_of(tmp_path / "dns.json").ask("example.com", "TXT") == ("v=spf1 -all",)
