"""Ready-made timers that run the brief: for systemd, for cron and for GitHub Actions.

Every timer asks each evening; `reportgen brief --scheduled` itself knows from the exchange's calendar whether an issue
is due, so holidays, half days and a run that failed the evening before need no line of their own.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

ZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class Timer:
    """What a timer needs: the program's path, the folder to work in, the settings file, the time in New York.

    output: the folder of issues; live: whether data are fetched, for which another library is needed.
    """

    program: Path
    folder: Path
    config: Path
    time: str
    output: Path = Path("output")
    live: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The command's words."""
        return (str(self.program), "brief", "--scheduled", "--quiet", "--config", str(self.config))

    @property
    def hour(self) -> int:
        return int(self.time.partition(":")[0])

    @property
    def minute(self) -> int:
        return int(self.time.partition(":")[2])


def systemd(timer: Timer) -> dict[str, str]:
    """The two units, by file name. A run that was missed while the machine was off is made up for."""
    service = f"""\
[Unit]
Description=The weekly brief, when it is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_unit_path(timer.folder)}
ExecStart={" ".join(map(_unit_word, timer.words))}
"""
    clock = f"""\
[Unit]
Description=Looks every evening whether the weekly brief is due

[Timer]
OnCalendar=*-*-* {timer.time}:00 {ZONE}
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {"reportgen-brief.service": service, "reportgen-brief.timer": clock}


def cron(timer: Timer) -> str:
    """Lines for a user's crontab."""
    command = " ".join(map(shlex.quote, timer.words)).replace("%", r"\%")
    folder = shlex.quote(str(timer.folder)).replace("%", r"\%")
    return f"""\
# CRON_TZ is read by cronie (Fedora, Arch, openSUSE), and not by the cron of Debian and Ubuntu, nor by Busybox: there,
# the time below is the machine's own. Any time of day will do as long as it comes once a day: the command itself
# knows whether an issue is due. What it says on standard error is mailed by cron to MAILTO.
CRON_TZ={ZONE}
{timer.minute} {timer.hour} * * * cd {folder} && {command}
"""


def github(timer: Timer, *, approval: bool) -> str:
    """A workflow for GitHub Actions; it keeps the issues in the repository, which is the brief's memory.

    Actions knows UTC only, so it runs an hour later in winter than in summer: never before the time asked for.
    """
    package = '"fund-reportgen[yahoo]"' if timer.live else "fund-reportgen"
    output = shlex.quote(timer.output.as_posix())
    later = timer.hour + 5  # New York is four hours behind UTC in summer, five in winter
    waiting = (
        ""
        if not approval
        else "          # Issues wait for `reportgen approve`, so the archive shows approved ones only.\n"
    )
    return f"""\
name: weekly brief
on:
  schedule:
    - cron: "{timer.minute} {later % 24} * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: weekly-brief
  cancel-in-progress: false
jobs:
  brief:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: sudo apt-get update && sudo apt-get install --yes libpango-1.0-0 libpangoft2-1.0-0
      - run: pip install {package}
      - run: reportgen brief --scheduled --quiet --config {shlex.quote(timer.config.name)}
      - name: Write the archive
        run: |
{waiting}          reportgen site --config {shlex.quote(timer.config.name)}
      - name: Keep the issues
        run: |
          git config user.name "weekly brief"
          git config user.email "weekly-brief@users.noreply.github.com"
          git add --all --force {output}
          git diff --cached --quiet || git commit --message "The issue of the week"
          git push
"""


def _unit_path(path: Path) -> str:
    """A path as systemd reads it: percent signs doubled; spaces need no quotes in WorkingDirectory."""
    return str(path).replace("%", "%%")


def _unit_word(word: str) -> str:
    """A word of ExecStart: quoted where it holds what would part it, percent signs and dollars doubled."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if not plain or any(each.isspace() or each in "\"'\\;" for each in plain):
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return plain
