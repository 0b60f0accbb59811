"""What may go to subscribers is decided by the licence of every source, and by the publisher's own rights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.config import Settings, read_settings
from reportgen.config._licence import LICENCE_KEYS, OwnLicences
from reportgen.gate import may_send
from reportgen.model import LICENCES, RESTRICTED, Request, SourceRecord, own_terms, plain
from reportgen.model.serial import sources_from_json
from reportgen.model.serial import to_json as as_document
from reportgen.pipeline import Job, Made, Watch, make
from reportgen.sources import open_source
from tests.gate.conftest import file_of


def source(provider: str, part: str = "prices/IWM.csv") -> SourceRecord:
    licence = LICENCES[provider]
    return SourceRecord(part, part, "prices", licence.publishable, licence.terms, "ab", provider=provider)


@pytest.mark.parametrize("provider", LICENCES)
def test_each_providers_licence_decides(provider: str) -> None:
    clearance = may_send([source(provider), source("own", "funds.toml")])
    assert clearance.cleared is LICENCES[provider].publishable
    assert clearance.checked == {"sources": 2}


@pytest.mark.parametrize("provider", RESTRICTED)
def test_a_right_of_ones_own_frees_its_provider_and_no_other(provider: str) -> None:
    assert may_send([source(provider)], {provider: "contract no. 12"}).cleared
    assert not may_send([source(provider)], {provider: " "}).cleared
    others = {other: "contract no. 12" for other in RESTRICTED if other != provider}
    assert not may_send([source(provider)], others).cleared


def test_a_finding_names_provider_parts_and_what_to_do() -> None:
    parts = [source("yahoo", f"prices/{ticker}.csv") for ticker in ("A", "B", "C", "D", "E")]
    (finding,) = may_send([*parts, source("own")]).findings
    assert finding.check == "licence"
    assert finding.where == "Yahoo Finance"
    assert finding.message == (
        "prices/A.csv, prices/B.csv, prices/C.csv and 2 more may not be sent to subscribers: "
        "Yahoo Finance data are for personal use only"
    )
    assert 'yahoo = "contract no. ..."' in finding.fix


def test_one_licence_is_one_finding() -> None:
    found = may_send([source("yahoo"), source("ishares"), source("ice"), source("yahoo", "prices/QQQ.csv")]).findings
    assert [finding.where for finding in found] == ["Yahoo Finance", "BlackRock iShares", "FRED (ICE Data Indices)"]


def test_a_source_that_no_table_knows_is_freed_by_its_own_folder_only() -> None:
    foreign = SourceRecord("feed", "A feed", "prices", publishable=False, terms="Ask first.", sha256="ab")
    (finding,) = may_send(
        [foreign], dict.fromkeys(RESTRICTED, "contract no. 12") | {"": "any"} | {"own": "any"}
    ).findings
    assert "source.toml" in finding.fix
    assert may_send([replace(foreign, publishable=True)]).cleared


def test_every_restricted_provider_has_its_key() -> None:
    everything = OwnLicences(**dict.fromkeys(RESTRICTED, "contract"))
    assert set(everything.rights) == set(LICENCE_KEYS) == set(RESTRICTED)
    assert OwnLicences().rights == {}


def test_settings_state_rights(tmp_path: Path) -> None:
    path = tmp_path / "reportgen.toml"
    path.write_text('[licence]\nyahoo = "contract no. 12"\nice = "signed 2026-02-01"\n')
    assert read_settings(path).licence.rights == {"yahoo": "contract no. 12", "ice": "signed 2026-02-01"}


def test_the_terms_printed_name_the_right() -> None:
    assert own_terms("yahoo", "contract no. 12.") == (
        "Yahoo Finance data are published under the publisher's own licence: contract no. 12."
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a folder of Yahoo's shape that says nothing of its own licence."""
    from reportgen.sources.sample import export

    written: Path = tmp_path_factory.mktemp("data") / "sample"
    export(written)
    (written / "source.toml").unlink()
    return written


def built(folder: Path, licence: OwnLicences) -> Made:
    settings = Settings(licence=licence, formats=("html", "mail"))
    return make(Job(Request(("IWM", "QQQ")), open_source("files", folder), settings), Watch(lambda: 0.0))


def text_of(made: Made) -> str:
    return file_of(made, "text/html").content.decode()


def test_an_article_for_oneself_is_cleared_and_says_whose_data_it_shows(folder: Path) -> None:
    made = built(folder, OwnLicences())
    assert made.clearance.cleared
    assert "for personal use only" in "".join(plain(runs) for _, runs in made.article.masthead.lines)
    assert not made.sending.cleared
    assert {source.provider for source in made.article.sources if not source.publishable} >= {"yahoo"}
    saved = sources_from_json(as_document(made.measurements, made.snapshot.sources))
    assert may_send(saved).findings == made.sending.findings


def test_a_right_of_ones_own_is_printed_in_place_of_the_terms(folder: Path) -> None:
    withheld = {source.provider for source in built(folder, OwnLicences()).article.sources if not source.publishable}
    made = built(folder, OwnLicences(**dict.fromkeys(withheld, "contract no. 12")))
    assert made.clearance.cleared, made.clearance.findings
    assert made.sending.cleared
    assert "Data licence" not in [plain(label) for label, _ in made.article.masthead.lines]
    assert own_terms("yahoo", "contract no. 12").replace("'", "&#39;") in text_of(made)
    assert "for personal use only" not in text_of(made)
