"""The subscriber pages in headless Chromium, from a real server: axe-core, widths, light and dark, what they load."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from reportgen.delivery.signed.tokens import Purpose
from tests.delivery.web.conftest import ADA, House, build, with_ada
from tests.delivery.web.test_endpoints import link_in, token
from tests.delivery.web.twin import TwinMembers
from tests.render.chromium import Chromium
from tests.render.test_accessibility import AXE, RUN, SCHEMES, Scheme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}
PLACES = {
    "subscribe": "/subscribe",
    "confirm": f"/confirm/{token(Purpose.CONFIRM)}",
    "leave": f"/leave/{token(Purpose.LEAVE)}",
    "lists": f"/lists/{token(Purpose.PREFERENCES, str(ADA))}",
    "bad link": "/leave/x",
    "no page": "/nothing",
}
LOADED = "performance.getEntriesByType('resource').map((e) => e.name)"
SMALL = """[...document.querySelectorAll("button, input:not([type=hidden]), a, label")]
  .filter((e) => e.getBoundingClientRect().height < 24 && !e.closest("label")).map((e) => e.outerHTML)"""


class Site:
    """A house behind a real server, and a browser before it."""

    def __init__(self, house: House, address: str, browser: Chromium) -> None:
        self.house = house
        self.address = address
        self.browser = browser

    def open(self, path: str, width: int = 1280, scheme: Scheme = "light") -> None:
        self.browser.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.call("Emulation.setEmulatedMedia", features=media)
        self.browser.call("Page.navigate", url=self.address + path)
        self.wait(f"location.href === '{self.address}{path}'")

    def wait(self, condition: str) -> None:
        deadline = time.monotonic() + 20
        while not self.browser.ask(f"document.readyState === 'complete' && {condition}"):
            assert time.monotonic() < deadline, condition
            time.sleep(0.02)

    def press(self, button: str) -> str:
        """Press the button of that name, and give the heading of the page that comes."""
        self.browser.ask("document.documentElement.dataset.old = 'yes'")
        self.browser.ask(f"[...document.querySelectorAll('button')].find((b) => b.innerText === '{button}').click()")
        self.wait("!document.documentElement.dataset.old && document.querySelector('h1') !== null")
        return str(self.browser.ask("document.querySelector('h1').innerText"))

    def judged(self) -> list[str]:
        """What axe-core finds wrong or cannot judge."""
        self.browser.ask(f"{AXE.read_text(encoding='utf-8')};0")
        return [
            *self.browser.ask(RUN.replace("KIND", "'violations'")),
            *self.browser.ask(RUN.replace("KIND", "'incomplete'")),
        ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("web")
    house = build(folder, with_ada(TwinMembers()))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(house.client.app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    with Chromium(folder / "profile") as browser:
        yield Site(house, f"http://127.0.0.1:{listening.getsockname()[1]}", browser)
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def axe() -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core (python tools/axe.py installs it with npm)")


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_accessible_fits_and_loads_one_stylesheet(site: Site, width: int, scheme: Scheme) -> None:
    for name, path in PLACES.items():
        site.open(path, width, scheme)
        ask = site.browser.ask
        assert site.judged() == [], name
        assert ask("document.documentElement.scrollWidth") == width, name
        assert ask("getComputedStyle(document.documentElement).backgroundColor") == PAPER[scheme], name
        assert set(ask(LOADED)) <= {f"{site.address}/subscribe/style.css", f"{site.address}/favicon.ico"}, name
        assert ask(SMALL) == [], name
        assert ask("document.cookie") == "", name


@pytest.mark.usefixtures("axe")
def test_a_reader_subscribes_confirms_chooses_and_leaves(site: Site) -> None:
    members, house = site.house.members, site.house
    site.open("/subscribe", 360)
    site.browser.ask("document.getElementById('email').value = 'bob@example.net'; 0")
    assert site.press("Subscribe") == "Look into your mailbox"
    assert site.judged() == []
    house.desk.work_off()
    site.open(link_in(house), 360)
    assert members.chosen(2) == frozenset()
    assert site.press("Confirm the subscription") == "Thank you"
    assert site.judged() == []
    assert members.chosen(2) == frozenset({"weekly"})
    site.open(f"/lists/{token(Purpose.PREFERENCES, '2')}", 360)
    site.browser.ask("document.querySelector('[value=monthly]').click()")
    assert site.press("Save") == "Your subscription"
    assert site.judged() == []
    assert members.chosen(2) == frozenset({"weekly", "monthly"})
    site.open(f"/leave/{token(Purpose.LEAVE, '2 weekly')}", 360)
    assert site.press("Unsubscribe from everything") == "Done"
    assert site.judged() == []
    assert members.chosen(2) == frozenset()


@pytest.mark.usefixtures("axe")
def test_a_mistake_is_told_where_it_was_made(site: Site) -> None:
    site.open("/subscribe", 360)
    site.browser.ask(
        "document.querySelector('form').noValidate = true; document.getElementById('email').value = 'bob@'; 0"
    )
    assert site.press("Subscribe") == "Subscribe"
    assert site.judged() == []
    assert site.browser.ask("document.getElementById('email').getAttribute('aria-describedby')") == "mistake"
    assert site.browser.ask("document.getElementById('email').value") == "bob@"
