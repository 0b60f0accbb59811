"""kill -9 at each exact point and at random moments: nothing lost, nothing sent twice unknowingly."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import drawn_seed
from tests.delivery.mail.conftest import make_desk, readers
from tests.delivery.mail.killed import FOREVER, Job, Series, ended, start, truth
from tests.delivery.mail.smtp_server import Server, running


def job_at(folder: Path, count: int, server: Server, *, resend: bool = False, point: str = "", at: int = 0) -> Job:
    desk = make_desk(folder, readers(count), expires=FOREVER)
    desk.store.close()
    return Job(str(desk.store.url), desk.issue.id, server.port, resend, point, at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "doubtful", "resend"),
    [
        ("claimed", 0, False), ("marking", 0, False), ("marked", 1, False), ("finishing", 1, False),
        ("finished", 0, False), ("marked", 1, True), ("finishing", 1, True),
    ],
)  # fmt: skip
def test_a_kill_at_each_exact_point(tmp_path: Path, relay: Server, point: str, doubtful: int, *, resend: bool) -> None:
    job = job_at(tmp_path, 4, relay, resend=resend, point=point, at=2)
    assert ended(start(job)) == -signal.SIGKILL
    again = Job(job.url, job.issue, job.port, resend)
    assert ended(start(again)) == 0
    seen = truth(job.url, job.issue, relay)
    assert seen.account.adds_up
    assert seen.account.open == seen.lost == 0
    assert seen.doubtful == (0 if resend else doubtful)
    # Only a mail that the relay had taken, and that was sent again out of doubt, is there twice.
    assert seen.doubled == (1 if resend and point == "finishing" else 0)
    assert len(set(relay.taken())) == 4 - (seen.doubtful - seen.doubtful_taken)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["dot", "after"])
def test_a_kill_between_the_dot_and_the_answer(tmp_path: Path, relay: Server, step: str) -> None:
    job = job_at(tmp_path, 3, relay)
    process = start(job)
    relay.script[step] = lambda _: process.kill()
    assert ended(process) == -signal.SIGKILL
    relay.script.clear()
    ended(start(job))
    seen = truth(job.url, job.issue, relay)
    assert (seen.lost, seen.doubled, seen.account.open, seen.doubtful) == (0, 0, 0, 1)


@pytest.mark.slow
def test_a_kill_leaves_one_mail_in_doubt_for_each_connection_at_most(tmp_path: Path) -> None:
    with running(Server(tmp_path / "taken.log", sync=False)) as server:
        job = replace(job_at(tmp_path, 400, server), connections=4)
        series = Series(job, server, 4, drawn_seed(), 0.4)
        seen = series.run()
    assert series.faults == []
    assert (seen.lost, seen.doubled) == (0, 0)
    assert seen.doubtful <= 4 * series.struck
    assert seen.account.states["accepted"] + seen.doubtful == 400


@pytest.mark.slow
@pytest.mark.parametrize("resend", [False, True])
def test_kills_at_random_moments(tmp_path: Path, *, resend: bool) -> None:
    with running(Server(tmp_path / "taken.log")) as server:
        series = Series(job_at(tmp_path, 400, server, resend=resend), server, 5, drawn_seed(), 0.4)
        seen = series.run()
    assert series.faults == []
    assert seen.lost == 0
    assert seen.doubled <= (series.struck if resend else 0)
    assert seen.doubtful <= (0 if resend else series.struck)
    assert seen.account.states["accepted"] + seen.doubtful == 400
