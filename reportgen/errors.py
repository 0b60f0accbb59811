"""The errors a user can meet, and problems in data as values.

ReportgenError            1  an internal error, unless a subclass says otherwise
├── UsageError            2  a wrong command line
│   ├── SettingsError     2  mistakes in reportgen.toml or another settings file
│   └── TemplateError     2  a mistake in a rule, a word list or a page template
├── HeldError             3  the gate holds the article
├── DataError             4  data missing or unusable
│   └── NetworkError      4  data that could not be fetched; what it was says one of:
│       ├── RateLimitedError   the provider asks for patience
│       ├── UnreachableError   no answer, a refusal, or a server in trouble
│       ├── UnknownSymbolError the provider says that it has no such thing
│       ├── MalformedError     an answer that is not what it should be
│       └── IncompleteError    an answer that lacks what was asked for
└── WriteError            5  the result cannot be written

The number is the exit code. An error says what is wrong, where, and what to do. A problem in data that
does not stop the work is not an exception but an `Issue`, which travels with the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


class ReportgenError(Exception):
    """An error that ends a command with one plain paragraph: what, where, what to do."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} {self.fix}" if self.fix else head


class UsageError(ReportgenError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file holds mistakes; `what` lists all of them, one a line."""


class TemplateError(UsageError):
    """A rule, a word list or a page template is wrong; `where` is file:line or file:line:column."""


class HeldError(ReportgenError):
    """The gate found something that must not be published."""

    exit_code = 3


class DataError(ReportgenError):
    """Data are missing or cannot be used."""

    exit_code = 4


class NetworkError(DataError):
    """A provider could not be reached or did not answer as expected."""


class RateLimitedError(NetworkError):
    """The provider refuses for now because too much was asked."""


class UnreachableError(NetworkError):
    """The provider did not answer, broke off, refused the request, or said that it is in trouble."""


class UnknownSymbolError(NetworkError):
    """The provider says that it does not know what was asked for."""


class MalformedError(NetworkError):
    """The answer is a web page, cut off, or otherwise not the data that it should be."""


class IncompleteError(NetworkError):
    """The answer is well formed and lacks what was asked for."""


class WriteError(ReportgenError):
    """The output cannot be written; what was there before is untouched."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem in data, found and lived with.

    severity: "error" holds the article, "warning" is printed on its data page, "note" is recorded.
    code: a short fixed word such as "missing-session"; subject: the ticker or file concerned;
    where: the file and line, or the date, if there is one.
    """

    severity: Severity
    code: str
    subject: str
    message: str
    where: str | None = None
