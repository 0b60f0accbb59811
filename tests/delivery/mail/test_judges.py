"""The mails before html-validate and the data of caniemail.com: nothing but what the list of exceptions explains."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.delivery.mail.arrived import Arrived, arrived

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
VALIDATOR = ROOT / "node_modules" / ".bin" / "html-validate"
CLIENTS = ROOT / "node_modules" / "caniemail" / "package.json"
EXCEPTIONS = tomllib.loads((ROOT / "tools" / "mail_exceptions.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> tuple[Arrived, ...]:
    if shutil.which("node") is None or not VALIDATOR.exists() or not CLIENTS.exists():
        pytest.skip("needs Node, html-validate and caniemail (make test-all installs them where npm is)")
    return arrived(tmp_path_factory.mktemp("mails"))


def by_rule(files: list[Path], folder: Path) -> dict[str, str]:
    """html-validate's rules that find something, each with an example."""
    config = folder / "rules.json"
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:recommended", "html-validate:document"]}))
    command = ["node", str(VALIDATOR.resolve()), "--config", str(config), "--formatter", "json", *map(str, files)]
    told = folder / "told.json"
    with told.open("wb") as file:  # it ends before a pipe has taken all
        subprocess.run(command, stdout=file, check=False)
    return {
        each["ruleId"]: f"{each['message']} at {each['selector']}"
        for report in json.loads(told.read_text(encoding="utf-8"))
        for each in report["messages"]
    }


def by_feature(files: list[Path], clients: list[str]) -> dict[str, set[str]]:
    """The features that some of the clients lack, each with those clients."""
    command = ["node", str(ROOT / "tools" / "caniemail.mjs"), ",".join(clients), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    found: dict[str, set[str]] = {}
    for features in json.loads(done.stdout).values():
        for title, lacking in features.items():
            found.setdefault(title, set()).update(lacking)
    return found


def test_a_validator_finds_only_what_has_a_reason(mails: tuple[Arrived, ...], tmp_path: Path) -> None:
    found = by_rule([mail.without_pictures for mail in mails], tmp_path)
    assert found.keys() - EXCEPTIONS["html-validate"].keys() == set(), found
    assert EXCEPTIONS["html-validate"].keys() - found.keys() == set()  # no reason outlives its need


def test_a_validator_sees_what_is_wrong(mails: tuple[Arrived, ...], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text(mails[0].html.replace("</h1>", "</h2>", 1).replace(" alt=", " data-alt="), encoding="utf-8")
    assert {"close-order", "wcag/h37"} <= by_rule([page], tmp_path).keys()


def test_mail_programs_lack_only_what_has_a_reason(mails: tuple[Arrived, ...]) -> None:
    listed = EXCEPTIONS["caniemail"]
    found = by_feature([mail.without_pictures for mail in mails], listed["clients"])
    assert found.keys() - listed["features"].keys() == set(), found
    assert listed["features"].keys() - found.keys() == set()


def test_mail_programs_lack_what_we_do_not_use(mails: tuple[Arrived, ...], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text(mails[0].html.replace("<p style=", '<p style="position:sticky;display:flex" title=', 1))
    found = by_feature([page], ["outlook.windows", "gmail.android"])
    assert "display:flex" in found
    assert "position" in found
