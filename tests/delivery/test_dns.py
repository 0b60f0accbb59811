"""The system's resolver against a DNS server on loopback: records, absence, failure, and an answer over TCP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from reportgen.delivery.checks import dns as ours
from reportgen.delivery.checks.dns import RecordType, SystemResolver
from reportgen.errors import NetworkError

ZONE = {
    ("example.com.", "TXT"): ['"v=spf1 " "ip4:192.0.2.1 -all"', '"something else"'],
    ("example.com.", "MX"): ["10 mx.example.com.", "20 mx2.example.com."],
    ("example.com.", "A"): ["192.0.2.1"],
    ("example.com.", "AAAA"): ["2001:db8::1"],
    ("1.2.0.192.in-addr.arpa.", "PTR"): ["example.com."],
    ("long.example.com.", "TXT"): [f'"{"k" * 250}" "{n}{"k" * 240}"' for n in range(9)],
}


def answer(query: bytes, *, most: int = 65535) -> bytes:
    """What the server says: what it has, nothing, NXDOMAIN, SERVFAIL for "broken", cut where it is too long."""
    asked = dns.message.from_wire(query)
    name, kind = asked.question[0].name.to_text().lower(), dns.rdatatype.to_text(asked.question[0].rdtype)
    reply = dns.message.make_response(asked)
    if name.startswith("broken."):
        reply.set_rcode(dns.rcode.SERVFAIL)
    elif (name, kind) in ZONE:
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *ZONE[name, kind]))
    elif name not in {known for known, _ in ZONE}:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    wire = reply.to_wire(max_size=65535)
    if len(wire) > most:
        reply = dns.message.make_response(asked)
        reply.flags |= dns.flags.TC
        wire = reply.to_wire()
    return wire


@pytest.fixture
def resolver() -> Iterator[SystemResolver]:
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    at = datagrams.getsockname()
    streams = socket.create_server(at)

    def by_datagram() -> None:
        while query := datagrams.recvfrom(4096):
            if not query[0]:
                return
            datagrams.sendto(answer(query[0], most=1232), query[1])

    def by_stream() -> None:
        while True:
            try:
                line, _ = streams.accept()
            except OSError:
                return
            with line:
                length = int.from_bytes(line.recv(2, socket.MSG_WAITALL))
                reply = answer(line.recv(length, socket.MSG_WAITALL))
                line.sendall(len(reply).to_bytes(2) + reply)

    threads = [threading.Thread(target=by_datagram), threading.Thread(target=by_stream)]
    for thread in threads:
        thread.start()
    yield SystemResolver(at)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", at)
    streams.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join(10)
    datagrams.close()
    streams.close()


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("example.com", "TXT", {"v=spf1 ip4:192.0.2.1 -all", "something else"}),
        ("EXAMPLE.com", "MX", {"10 mx.example.com.", "20 mx2.example.com."}),
        ("example.com", "A", {"192.0.2.1"}),
        ("example.com", "AAAA", {"2001:db8::1"}),
        ("1.2.0.192.in-addr.arpa", "PTR", {"example.com."}),
        ("long.example.com", "TXT", {f"{'k' * 250}{n}{'k' * 240}" for n in range(9)}),
        ("long.example.com", "A", set()),
        ("nothing.example.com", "TXT", set()),
    ],
)
def test_records(resolver: SystemResolver, name: str, kind: RecordType, found: set[str]) -> None:
    assert {each.lower() for each in resolver.ask(name, kind)} == found  # names come in the case that was asked for


def test_a_server_that_fails_or_is_silent_is_no_answer(
    resolver: SystemResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NetworkError, match="DNS does not answer"):
        resolver.ask("broken.example.com", "TXT")
    monkeypatch.setattr(ours, "_PATIENCE", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with pytest.raises(NetworkError, match="DNS does not answer"):
            SystemResolver(silent.getsockname()).ask("example.com", "TXT")


def test_a_name_that_is_none_is_no_answer(resolver: SystemResolver) -> None:
    with pytest.raises(NetworkError):
        resolver.ask(f"{'x' * 70}.example.com", "TXT")
