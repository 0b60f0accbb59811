"""A folder is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.folders import folder as delivery
from reportgen.errors import WriteError
from reportgen.model import Artifact


def page(text: str) -> Artifact:
    return Artifact("article.html", "text/html", text.encode())


def record() -> Artifact:
    return Artifact("run.json", "application/json", b"{}")


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_files_are_written_with_their_subfolders(tmp_path: Path) -> None:
    place = tmp_path / "2026-03-27" / "iwm-vs-qqq"
    chart = Artifact("charts/growth.svg", "image/svg+xml", b"<svg/>")
    receipts = delivery.publish(place, [page("one"), chart], record)
    assert names(place) == {"article.html", "charts", "charts/growth.svg", "run.json"}
    assert (place / "article.html").read_text() == "one"
    assert [Path(r.recipient).name for r in receipts] == ["article.html", "growth.svg", "run.json"]
    assert {r.status for r in receipts} == {"written"}
    assert receipts[0].sha256 == page("one").sha256
    assert names(place.parent) == {"iwm-vs-qqq"} | {f"iwm-vs-qqq/{n}" for n in names(place)}


def test_an_older_article_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "a"
    delivery.publish(place, [page("one"), Artifact("old.txt", "text/plain", b"")], record)
    delivery.publish(place, [page("two")], record)
    assert names(place) == {"article.html", "run.json"}
    assert (place / "article.html").read_text() == "two"
    assert names(tmp_path) == {"a", "a/article.html", "a/run.json"}


def test_a_hold_leaves_the_article_alone_and_an_issue_removes_the_hold(tmp_path: Path) -> None:
    place = tmp_path / "a"
    delivery.publish(place, [page("one")], record)
    receipts = delivery.hold(place, [Artifact("notice.txt", "text/plain", b"held")], record)
    assert {r.status for r in receipts} == {"held"}
    assert (place / "article.html").read_text() == "one"
    assert names(tmp_path / "a.held") == {"notice.txt", "run.json"}
    delivery.publish(place, [page("two")], record)
    assert not (tmp_path / "a.held").exists()


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_full_disk_leaves_the_older_article_and_no_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    place = tmp_path / "a"
    delivery.publish(place, [page("one")], record)
    calls = 0
    real = os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(WriteError, match="No space left on device") as caught:
        delivery.publish(place, [page("two"), Artifact("b.txt", "text/plain", b"")], record)
    assert caught.value.exit_code == 5
    assert (place / "article.html").read_text() == "one"
    assert names(tmp_path) == {"a", "a/article.html", "a/run.json"}


def test_a_real_limit_on_file_size_is_a_write_error(tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    code = (
        "import sys; from pathlib import Path; from reportgen.delivery.folders import folder\n"
        "from reportgen.model import Artifact\n"
        "from reportgen.errors import WriteError\n"
        "a = Artifact('big.pdf', 'application/pdf', b'x' * 5000)\n"
        "try: folder.publish(Path(sys.argv[1]), [a], lambda: a)\n"
        "except WriteError as error: sys.exit(error.exit_code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], preexec_fn=limit, check=False)
    assert done.returncode == 5
    assert names(tmp_path) == set()


def test_an_interrupt_while_writing_leaves_nothing_half(tmp_path: Path) -> None:
    def interrupted() -> Artifact:
        raise KeyboardInterrupt

    place = tmp_path / "a"
    delivery.publish(place, [page("one")], record)
    with pytest.raises(KeyboardInterrupt):
        delivery.publish(place, [page("two")], interrupted)
    assert (place / "article.html").read_text() == "one"
    assert names(tmp_path) == {"a", "a/article.html", "a/run.json"}


def test_a_crash_between_the_two_renames_is_mended_by_the_next_run(tmp_path: Path) -> None:
    place = tmp_path / "a"
    delivery.publish(place, [page("one")], record)
    place.rename(tmp_path / ".a.old")
    assert delivery.recover(place)
    assert (place / "article.html").read_text() == "one"
    assert not delivery.recover(place)


def test_what_a_killed_run_left_is_swept_and_a_live_run_keeps_its_own(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".a.new-{dead.pid}").mkdir()
    (tmp_path / f".a.new-{os.getppid()}").mkdir()
    delivery.publish(tmp_path / "a", [page("one")], record)
    assert {p.name for p in tmp_path.iterdir()} == {"a", f".a.new-{os.getppid()}"}


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_article(tmp_path: Path) -> None:
    """Readers see version n whole: each file of the folder holds the same number."""
    place = tmp_path / "a"
    code = (
        "import sys, itertools; from pathlib import Path; from reportgen.delivery.folders import folder\n"
        "from reportgen.model import Artifact\n"
        "for n in itertools.count():\n"
        "    files = [Artifact(f'{i}.txt', 'text/plain', str(n).encode() * 1000) for i in range(5)]\n"
        "    folder.publish(Path(sys.argv[1]), files, lambda: Artifact('run.json', 'application/json', b'{}'))\n"
    )
    for delay in range(12):
        process = subprocess.Popen([sys.executable, "-c", code, str(place)])
        time.sleep(0.25 + delay * 0.013)
        process.kill()
        process.wait()
        delivery.recover(place)
        if place.exists():
            assert names(place) == {"0.txt", "1.txt", "2.txt", "3.txt", "4.txt", "run.json"}
            assert len({(place / f"{i}.txt").read_bytes() for i in range(5)}) == 1


def test_an_unwritable_place_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(WriteError, match="--out"):
        delivery.publish(file / "a", [page("one")], record)


@pytest.mark.parametrize("kind", ["file", "link", "dead link"])
def test_what_the_user_put_in_our_place_is_left_alone(tmp_path: Path, kind: str) -> None:
    place, target = tmp_path / "a", tmp_path / "target"
    if kind == "file":
        place.write_text("mine")
    else:
        if kind == "link":
            target.mkdir()
        place.symlink_to(target)
    for _ in range(2):
        with pytest.raises(WriteError, match="is not a folder"):
            delivery.publish(place, [page("one")], record)
    assert place.is_symlink() or place.read_text() == "mine"
    assert {p.name for p in tmp_path.iterdir()} <= {"a", "target"}


@pytest.mark.parametrize("name", [".a.old", "a.held"])
def test_files_and_links_under_our_other_names_are_no_hindrance(tmp_path: Path, name: str) -> None:
    delivery.publish(tmp_path / "a", [page("one")], record)
    (tmp_path / name).write_text("left over")
    delivery.publish(tmp_path / "a", [page("two")], record)
    assert {p.name for p in tmp_path.iterdir()} == {"a"}
    assert (tmp_path / "a" / "article.html").read_text() == "two"


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        delivery.publish(tmp_path / ("a" * 300), [page("one")], record)


@given(contents=st.lists(st.binary(max_size=50), max_size=4))
def test_what_is_written_is_what_was_given(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    place = tmp_path_factory.mktemp("out") / "a"
    artifacts = [Artifact(f"{i}.bin", "application/octet-stream", c) for i, c in enumerate(contents)]
    delivery.publish(place, artifacts, record)
    assert [(place / a.name).read_bytes() for a in artifacts] == contents


def test_a_corrected_folder_keeps_every_version_with_a_note(tmp_path: Path) -> None:
    place = tmp_path / "a"
    delivery.publish(place, [page("one"), Artifact("charts/x.svg", "image/svg+xml", b"1")], record)
    for version in (1, 2):
        note = Artifact("REPLACED.txt", "text/plain", f"after {version}".encode())
        delivery.publish(place, [page(f"after {version}")], record, former=delivery.Former(f"v{version}", note))
    assert names(place) == {
        "article.html", "run.json", "v1", "v1/article.html", "v1/charts", "v1/charts/x.svg", "v1/run.json",
        "v1/REPLACED.txt", "v2", "v2/article.html", "v2/run.json", "v2/REPLACED.txt",
    }  # fmt: skip
    assert (place / "v1/article.html").read_text() == "one"
    assert (place / "v2/article.html").read_text() == "after 1"
    assert (place / "v1/REPLACED.txt").read_text() == "after 1"
    delivery.publish(place, [page("anew")], record)
    assert (place / "v2/article.html").read_text() == "after 1"
