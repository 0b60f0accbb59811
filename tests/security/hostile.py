"""Texts that attack whoever prints them, and a data folder that holds them in every place where words are read."""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from reportgen.sources.sample import export

PAYLOADS: Mapping[str, str] = {
    "script": "<script>document.title='owned'</script>",
    "script from outside": '"><script src={url}/s.js></script>',
    "handler": "<img src={url}/i.png onerror=\"document.title='owned'\">",
    "picture": "<svg onload=fetch('{url}/f')><image href='{url}/g'/><use xlink:href='{url}/u#x'/></svg>",
    "style": "</style><style>@import url({url}/c.css);*{{background:url({url}/b.png)}}</style>",
    "style broken": '"; }} body {{ background: url({url}/d) }} a::before {{ content: "',
    "base": "<base href={url}/><link rel=stylesheet href={url}/l.css>",
    "frames": "<iframe src={url}></iframe><object data={url}></object><embed src={url}>",
    "refresh": '<meta http-equiv="refresh" content="0;url={url}">',
    "form": "<form action={url}><input autofocus onfocus=\"document.title='owned'\">",
    "attribute": '" onmouseover="document.title=\'owned\'" style="background:url({url}/a)" x="',
    "apostrophe": "' onload='document.title=1' x='",
    "address": "javascript:document.title='owned'",
    "template": "{{{{7*7}}}}{{% for x in cycler.__init__.__globals__ %}}{{{{x}}}}{{% endfor %}}{{# #}}",
    "format": "%s%n%(x)s${{HOME}}`id`$(id)",
    "entities": "&lt;script&gt;&#60;b&#62;&amp;lt;",
    "document type": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "comment": "--><script>document.title='owned'</script><!--",
    "data section": "]]><script>document.title='owned'</script>",
    "closed": "</title></textarea></svg></td></table></main></body></html>",
    "paper": ") Tj ET /JS (app.alert) << /S /JavaScript >> endobj",
    "file": "file:///etc/passwd ../../../../etc/passwd",
    "header": "A fund\r\nBcc: victim@example.com\r\nContent-Type: text/html\r\n\r\n<b>x",
    "encoded header": "=?utf-8?q?a=0D=0ABcc:_victim@example.com?=",
    "direction": "\u202e\u2066%00.9\u2069 \u200f\u061c",
    "invisible": "\u200bQ\u00adQ\ufeffQ\u2028\u2029\u0085\x1b[31m\x07",
    "long": "A fund of uncommon length " * 12,
    "unbroken": "Z" * 300,
}


def payloads(url: str) -> dict[str, str]:
    """The texts, those that fetch something from this address."""
    return {name: text.format(url=url) if "{" in text else text for name, text in PAYLOADS.items()}


class Listener:
    """A server that writes down who comes, and answers nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.heard: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                with caller:
                    caller.settimeout(1)
                    with suppress(OSError):
                        self.heard.append(caller.recv(200))

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def hostile_folder(folder: Path, words: Mapping[str, str]) -> Path:
    """The sample as a folder whose names, facts, sources and headers attack. A name is never empty and never known."""
    export(folder)
    texts = list(words.values())
    _funds(folder, texts)
    for path in (folder / "fund_facts").glob("*.json"):
        facts = json.loads(path.read_text())
        facts |= {"longName": " ".join(texts), "category": texts[0], "fundFamily": texts[1], texts[2]: texts[3]}
        path.write_text(json.dumps(facts))
    for path in (folder / "holdings").glob("*.csv"):
        _holdings(path, texts)
    for path in (folder / "prices").glob("*.csv"):
        lines = path.read_text().splitlines()
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow([*lines[0].split(","), *texts[:3]])
        path.write_text("\n".join([header.getvalue().rstrip("\n"), *(f"{line},,," for line in lines[1:]), ""]))
    return folder


def _funds(folder: Path, texts: list[str]) -> None:
    """funds.toml, source.toml and facts.toml."""
    tables = []
    for number, ticker in enumerate(("IWM", "QQQ", "SPY")):
        said = {
            "name": f"{ticker} {' '.join(texts[number::2])}",
            "issuer": texts[number],
            "index": " ".join(texts[number + 3 : number + 9]),
            "category": f"Small Blend {texts[number + 9]}",
            "source": texts[number + 12],
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in said.items()]
        tables.append("\n".join([f"[{ticker}]", *lines, 'asset_class = "equity"']))
    (folder / "funds.toml").write_text("\n\n".join(tables), "utf-8")
    every = json.dumps(" ".join(texts))
    (folder / "source.toml").write_text(f"provider = {every}\nsimulated = true\nterms = {every}\n", "utf-8")
    facts = f'[[fact]]\nticker = "IWM"\nname = "net_assets"\nvalue = 74e9\nas_of = 2026-03-26\nsource = {every}\n'
    (folder / "facts.toml").write_text(facts, "utf-8")


def _holdings(path: Path, texts: list[str]) -> None:
    """The names of the largest holdings, and some sectors, each another text."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    top = next(number for number, row in enumerate(rows) if "Name" in row)
    name, sector = rows[top].index("Name"), rows[top].index("Sector")
    for number, text in enumerate(texts):
        rows[top + 1 + number][name] = text
        rows[top + 60 + number][sector] = text
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    path.write_text(written.getvalue(), "utf-8")
