"""The command line: one module a command, loaded only when that command runs, so that --help is instant."""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
import traceback

import click

from reportgen._version import __version__
from reportgen.errors import ReportgenError

COMMANDS = {
    "demo": "Write the IWM and QQQ article from simulated sample data.",
    "fetch": "Fetch live data as a snapshot that rebuilds offline.",
    "compare": "Write the article that compares two to five funds.",
    "batch": "Write the articles of a whole list, by several processes or machines.",
    "correct": "Make an issue again as its next version, which lists what changed.",
    "approve": "Let an issue go out, where the settings ask for a second pair of eyes.",
    "site": "Write the archive: a static site of all issues with a search and a feed.",
    "schedule": "Print a timer for the weekly brief, or say whether one is due.",
    "init": "Write a commented settings file.",
    "brief": "Write the weekly brief of several comparisons.",
    "trace": "Trace a printed number back to its formula and its inputs.",
    "metrics": "List every metric: name, label, unit, formula, reference.",
    "funds": "List the funds in a data folder, and what is wrong with them.",
    "rules": "List, check, explain or write the commentary rules.",
    "subscribers": "Add, import, export, erase and list subscribers.",
    "bounces": "Read mail that came back, and act on it.",
    "serve": "Serve the archive and the pages to subscribe and leave.",
    "mail": "Freeze an issue, send it to subscribers, see what became of it.",
    "doctor": "Check Python, Pango, fonts, the output folder and versions.",
}

INTERRUPTED = 130


class _LazyGroup(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"reportgen.cli.{cmd_name}"), "command", None)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reportgen")
def program() -> None:
    """Write the article an analyst would write when asked "fund A or fund B?", from data, by rules.

    Exit codes: 0 issued; 1 internal error; 2 usage or settings; 3 held by the gate; 4 data missing or unusable;
    5 cannot write; 6 part of a batch held or failed; 130 interrupted.
    """


def main() -> None:
    """Run the command line and end the process with its exit code."""
    code = run(sys.argv[1:])
    gc.freeze()  # all goes with the process: looking through it for what could be freed takes longer than `--help`
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; errors are told in one paragraph, with a traceback under --debug."""
    try:
        result = program.main(arguments, prog_name="reportgen", standalone_mode=False)
    except SystemExit:  # how click ends when the reader of our output has left, as in `| head`
        return 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _tell("Interrupted; nothing was changed.", arguments, INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is told as one, without a page of traceback
        message, code = meaning(error)
        if "--debug" in arguments and not isinstance(error, click.ClickException):
            traceback.print_exc()
        return _tell(message, arguments, code)
    return result if isinstance(result, int) else 0


def meaning(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    match error:
        case click.ClickException():
            context = getattr(error, "ctx", None)
            hint = f" Try '{context.command_path} --help'." if context is not None else ""
            return f"{error.format_message()}{hint}", 2
        case ReportgenError():
            return str(error), error.exit_code
        case MemoryError():
            return "There is not enough memory for this; compare fewer funds.", 1
        case _:
            what = f"This is a bug in reportgen: {type(error).__name__}: {error}."
            return f"{what} Run again with --debug to see where.", 1


def _tell(message: str, arguments: list[str], code: int) -> int:
    """Say what went wrong on standard error, or as a JSON line where that was asked for."""
    with contextlib.suppress(OSError):
        if "--json" in arguments:
            import json

            click.echo(json.dumps({"event": "error", "code": code, "message": message}))
        else:
            click.echo(f"reportgen: {message}", err=True)
    return code
