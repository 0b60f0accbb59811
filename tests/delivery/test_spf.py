"""SPF for one address: the examples of RFC 7208 (appendix A and section 7.4), its limits, and what is no record."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.checks import authentication
from reportgen.delivery.checks.dns import Answers
from reportgen.delivery.checks.spf import _Check, evaluate

ZONE = {
    "example.com": {"A": ["192.0.2.10", "192.0.2.11"], "MX": ["10 mail-a.example.com.", "20 mail-b.example.com."]},
    "amy.example.com": {"A": ["192.0.2.65"]},
    "bob.example.com": {"A": ["192.0.2.66"]},
    "mail-a.example.com": {"A": ["192.0.2.129"]},
    "mail-b.example.com": {"A": ["192.0.2.130"]},
    "example.org": {"MX": ["10 mail-c.example.org."]},
    "mail-c.example.org": {"A": ["192.0.2.140"], "AAAA": ["2001:db8::140"]},
    "10.2.0.192.in-addr.arpa": {"PTR": ["example.com."]},
    "65.2.0.192.in-addr.arpa": {"PTR": ["amy.example.com."]},
    "140.2.0.192.in-addr.arpa": {"PTR": ["mail-c.example.org."]},
    "4.0.0.10.in-addr.arpa": {"PTR": ["bob.example.com."]},
    "0.4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa": {"PTR": ["mail-c.example.org."]},
}
SENDER = "strong-bad@email.example.com"


def of(record: str | list[str], address: str, **others: str) -> str:
    """The result for an address, with one record at example.com and others at names with "__" for dots."""
    texts = {"example.com": [record] if isinstance(record, str) else record}
    texts |= {name.replace("__", "."): [text] for name, text in others.items()}
    zone = {name: dict(kinds) for name, kinds in ZONE.items()}
    for name, found in texts.items():
        zone.setdefault(name, {})["TXT"] = found
    return evaluate(Answers(zone), ip_address(address), "bounces@example.com").result


@pytest.mark.parametrize(
    ("record", "passing", "failing"),
    [
        ("v=spf1 +all", ["192.0.2.65", "10.0.0.4", "2001:db8::1"], []),
        ("v=spf1 a -all", ["192.0.2.10", "192.0.2.11"], ["192.0.2.65"]),
        ("v=spf1 a:example.org -all", [], ["192.0.2.10", "192.0.2.140"]),
        ("v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"], ["192.0.2.10", "192.0.2.140"]),
        ("v=spf1 mx:example.org -all", ["192.0.2.140", "2001:db8::140"], ["192.0.2.129", "2001:db8::1"]),
        ("v=spf1 mx mx:example.org -all", ["192.0.2.129", "192.0.2.130", "192.0.2.140"], ["192.0.2.131"]),
        ("v=spf1 mx/30 mx:example.org/30 -all", ["192.0.2.131", "192.0.2.143"], ["192.0.2.132", "192.0.2.144"]),
        ("v=spf1 ptr -all", ["192.0.2.10", "192.0.2.65"], ["192.0.2.140", "10.0.0.4"]),
        ("v=spf1 ip4:192.0.2.128/28 -all", ["192.0.2.129", "192.0.2.143"], ["192.0.2.65", "192.0.2.144"]),
        ("v=spf1 ip6:2001:db8::/64 -all", ["2001:db8::140"], ["2001:db8:0:1::1", "192.0.2.10"]),
        ("v=spf1 A:Mail-C.Example.ORG//64 -all", ["2001:db8::1"], ["2001:db8:1::1"]),
    ],
)
def test_the_examples_of_the_standard(record: str, passing: list[str], failing: list[str]) -> None:
    assert {of(record, address) for address in passing} <= {"pass"}
    assert {of(record, address) for address in failing} <= {"fail"}


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 ~all", "softfail"), ("v=spf1 ?all", "neutral"), ("v=spf1 ip4:192.0.2.99", "neutral"), ([], "none"),
        (["v=spf1 -all", "v=spf1 a"], "permerror"), ("v=spf1 ip4:192.0.2 -all", "permerror"),
        ("v=spf1 b -all", "permerror"), ("v=spf1 a/33 -all", "permerror"), ("v=spf1 -:x", "permerror"),
        ("v=spf1 include:nothing.example -all", "permerror"), ("v=spf1 redirect=nothing.example", "permerror"),
        ("v=spf1 a:%{q} -all", "permerror"), ("v=spf1 moved=x%y exp=e.example -all", "fail"),
        ("v=spf1 a:n1.example a:n2.example a:n3.example -all", "permerror"),  # a third question without an answer
        ("v=spf1 exists:%{ir}.list.example ~all", "pass"), ("v=spf1 redirect=_spf.example", "pass"),
        ("v=spf1 include:_spf.example -all", "pass"), ("v=spf1 include:_no.example ~all", "softfail"),
        ("v=spf1 redirect=example.com", "permerror"),
    ],
)  # fmt: skip
def test_results(record: str | list[str], result: str) -> None:
    listed = {"1.2.0.192.list.example": {"A": ["127.0.0.2"]}}
    ZONE.update(listed)
    try:
        found = of(record, "192.0.2.1", _spf__example="v=spf1 ip4:192.0.2.1 -all", _no__example="v=spf1 -all")
    finally:
        for name in listed:
            del ZONE[name]
    assert found == result


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("%{s}", "strong-bad@email.example.com"), ("%{o}", "email.example.com"), ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"), ("%{d2}", "example.com"), ("%{d1}", "com"), ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"), ("%{l}", "strong-bad"), ("%{l-}", "strong.bad"), ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"), ("%{l1r-}", "strong"), ("%%.%-.x", "%.%20.x"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("", "email.example.com"), ("%{p}", "unknown"),
    ],
)  # fmt: skip
def test_macros(text: str, filled: str) -> None:
    check = _Check(Answers({}), ip_address("192.0.2.3"), SENDER)
    assert check._filled(text, "email.example.com") == filled


def test_a_macro_of_an_address_of_the_new_kind() -> None:
    check = _Check(Answers({}), ip_address("2001:db8::cb01"), SENDER)
    filled = check._filled("%{ir}.%{v}._spf.%{d2}", "email.example.com")
    assert filled == f"1.0.b.c.{'0.' * 20}8.b.d.0.1.0.0.2.ip6._spf.example.com"


def test_ten_questions_and_no_more() -> None:
    def chain(length: int) -> Answers:
        links = {f"n{n}.example": {"TXT": [f"v=spf1 include:n{n + 1}.example -all"]} for n in range(length)}
        return Answers({**links, f"n{length}.example": {"TXT": ["v=spf1 ip4:192.0.2.1 -all"]}})

    address = ip_address("192.0.2.1")
    assert evaluate(chain(10), address, "b@n0.example").result == "pass"
    assert evaluate(chain(11), address, "b@n0.example").result == "permerror"


@given(st.text(max_size=200))
def test_no_record_of_a_stranger_stops_it(text: str) -> None:
    assert of(f"v=spf1 {text}", "192.0.2.1") in ("pass", "fail", "softfail", "neutral", "permerror")


def test_findings_for_an_address() -> None:
    zone = Answers({**ZONE, "example.com": {"TXT": ["v=spf1 ip4:192.0.2.65 -all"]}})
    good, bad = ip_address("192.0.2.65"), ip_address("10.0.0.4")
    assert authentication.sends_from(zone, good, "b@example.com").level == "ok"
    assert "fail (-all of example.com)" in authentication.sends_from(zone, bad, "b@example.com").told
    assert authentication.reverse(zone, good).level == "ok"
    assert authentication.reverse(zone, ip_address("2001:db8::140")).level == "ok"
    assert "is called bob.example.com., which is not" in authentication.reverse(zone, bad).told
    assert "has no name" in authentication.reverse(zone, ip_address("192.0.2.99")).told
