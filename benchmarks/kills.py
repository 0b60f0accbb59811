"""kill -9 again and again while an issue is sent: what is lost, what is doubled, what is in doubt.

Run: python -m benchmarks.kills [--kills 200] [--recipients 10000] [--seed N]
A sender submits over real SMTP on loopback to a server that logs and fsyncs each mail before it answers. It is killed
at random moments, spread over all recipients, and started again, until so many kills have struck; after every one the
books are held against the server's log. Both policies for mails in doubt are run. The exit code is 1 when anything is
lost, when "hold" doubles a mail, when "resend" doubles more mails than there were kills, or when an accounting does not
add up.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.delivery.mail.conftest import make_desk, readers
from tests.delivery.mail.killed import FOREVER, Job, Series, Truth
from tests.delivery.mail.smtp_server import Server, running

FIRST_LIFE = 0.5
"""Seconds that the first sender lives at most; later ones live so that the kills spread over the recipients."""


def series(folder: Path, recipients: int, kills: int, seed: int, *, resend: bool) -> tuple[Series, Truth]:
    """One series of kills under one policy."""
    with running(Server(folder / "taken.log")) as server:
        desk = make_desk(folder, readers(recipients), expires=FOREVER)
        desk.store.close()
        job = Job(str(desk.store.url), desk.issue.id, server.port, resend)
        run = Series(job, server, kills, seed, FIRST_LIFE, spread=True, told=_progress(kills))
        return run, run.run()


def _progress(kills: int) -> Callable[[int, Truth], None]:
    def told(struck: int, seen: Truth) -> None:
        if sys.stderr.isatty():
            print(f"\r  {struck} of {kills} kills, {seen.account}", end="", file=sys.stderr)

    return told


def verdict(run: Series, seen: Truth, *, resend: bool) -> list[str]:
    """What the promises forbid, if any of it happened."""
    wrong = list(run.faults)
    if seen.lost:
        wrong.append(f"{seen.lost} mails are lost")
    if seen.doubled > (run.struck if resend else 0):
        wrong.append(f"{seen.doubled} mails were sent twice")
    return wrong


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="kill -9 while an issue is sent")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"{asked.recipients:,} recipients, seed {asked.seed}")
    print("policy  kills  lost  doubled  in doubt (of those taken)  sent again  accounting         seconds")
    wrong: list[str] = []
    for resend in (False, True):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            run, seen = series(Path(folder), asked.recipients, asked.kills, asked.seed, resend=resend)
        doubt = f"{seen.doubtful} ({seen.doubtful_taken})"
        checked = f"held {run.struck + 1 - len(run.faults)} of {run.struck + 1}"
        print(
            f"{'resend' if resend else 'hold':<6} {run.struck:>6} {seen.lost:>5} {seen.doubled:>8}  {doubt:<25} "
            f"{seen.account.resends:>11}  {checked:<16} {time.monotonic() - begun:>9.0f}"
        )
        print(f"        {seen.account}")
        wrong += verdict(run, seen, resend=resend)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
