"""The web application. GET and HEAD change nothing; what changes something is a POST, and a signed link says for whom.

/subscribe          the form; POST takes a sign-up, and answers alike for every address
/confirm/<token>    the button that confirms; POST confirms
/leave/<token>      the button that ends a subscription; POST ends it, whatever its body says (RFC 8058 one-click)
/lists/<token>      what a subscriber receives; POST changes it
everything else     the archive
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.links import Told, told
from reportgen.delivery.signed.tokens import Purpose
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.web.archive import Archive
from reportgen.delivery.web.desk import Desk
from reportgen.delivery.web.limits import Limit, client_key
from reportgen.delivery.web.members import Members
from reportgen.delivery.web.pages import AREA, STYLE, fill
from reportgen.delivery.web.room import SignUp
from reportgen.delivery.web.security import SecureHeaders, read_form
from reportgen.errors import DataError, ReportgenError
from reportgen.resources import find

RETRY = {"Retry-After": "3600"}
_SAYS = {
    400: ("That was not understood", "Please go back and try again."),
    404: ("There is no such page", "It may have moved; the archive holds every issue."),
    405: ("That cannot be done here", "Please go back and try again."),
    408: ("That took too long", "Please go back and try again."),
    413: ("That is too much", "Please go back and write less."),
    429: ("Too many sign-ups just now", "Please come back in an hour."),
    500: ("Something went wrong here", "Please come back in an hour."),
    503: ("This cannot be done just now", "Nothing was changed. Please come back in a few minutes."),
}
_LINK_IS_NOT_GOOD = (
    "This link is not good",
    "It may be incomplete, or too old, or used already. The newest mail that you have holds a fresh one.",
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whose pages these are. base: where visitors find them; titles: each list that is offered, by name, in order."""

    publication: str
    base: str
    titles: Mapping[str, str]
    postal_address: str | None
    archive: Path
    folders: tuple[Path, ...]

    @property
    def root(self) -> str:
        """The path below which visitors find the pages; empty at the root of a host."""
        return urlsplit(self.base).path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sign-ups are taken: from one visitor, and from all together."""

    visitor: Limit
    everyone: Limit

    def allow(self, request: Request, now: datetime) -> bool:
        """Count a sign-up; False when it is one too many."""
        visitor = client_key(request.client.host) if request.client else ""
        return self.visitor.allows(visitor, now) and self.everyone.allows("", now)


@dataclass(frozen=True, slots=True)
class Front:
    """The pages' handlers, and all that they are given."""

    publisher: Publisher
    ring: KeyRing
    members: Members
    desk: Desk
    limits: Limits
    now: Callable[[], datetime]

    async def subscribe(self, request: Request) -> Response:
        """The form; a POST is answered before anybody looks whether the address is known."""
        titles = self.publisher.titles
        if request.method != "POST":
            return self._form("", frozenset(list(titles)[:1]), None)
        fields = await read_form(request)
        typed = next((value for name, value in fields if name == "email"), "")[:254]
        ticked = frozenset(value for name, value in fields if name == "list" and value in titles)
        if len(titles) == 1:
            ticked = frozenset(titles)
        if mistake := _mistake(typed, ticked):
            return self._form(typed, ticked, mistake)
        if not self.limits.allow(request, self.now()):
            raise HTTPException(429, headers=RETRY)
        sign_up = SignUp(typed, tuple(name for name in titles if name in ticked))
        if not await run_in_threadpool(self.desk.take, sign_up):
            raise HTTPException(503, headers=RETRY)
        return self._page(
            "Look into your mailbox",
            "We have sent you a mail. Open its link to confirm; until then nothing else is sent.",
            "If nothing comes within some minutes, look into the folder for unwanted mail, and check the address.",
        )

    async def confirm(self, request: Request) -> Response:
        """The button that confirms a sign-up."""
        says = self._told(request, Purpose.CONFIRM)
        if request.method != "POST":
            line = f"Press the button to receive {self._named(says.lists)} by mail."
            return self._button(request, "One more step", "Confirm the subscription", line)
        await read_form(request)
        if not await run_in_threadpool(self.members.confirm, says.subscriber, says.lists, self.now()):
            raise _NotGoodError
        lines = (f"You are subscribed: {self._named(says.lists)}.", "Each issue has a link to leave with one click.")
        return self._page("Thank you", *lines)

    async def leave(self, request: Request) -> Response:
        """The button that ends a subscription. A provider's one-click POST has the same answer, and no redirect."""
        says = self._told(request, Purpose.LEAVE)
        if request.method != "POST":
            line = f"Press the button to receive no more of {self._named(says.lists)}."
            several = "Unsubscribe from everything" if len(self.publisher.titles) > 1 else ""
            return self._button(request, "Unsubscribe", "Unsubscribe", line, several)
        everything = ("everything", "yes") in await read_form(request)
        name = None if everything else says.lists[0]
        await run_in_threadpool(self.members.leave, says.subscriber, name, self.now(), "one-click")
        named = "everything of ours" if everything else self._named(says.lists)
        issue = "An issue that is on its way this very moment may still arrive."
        return self._page("Done", f"You are unsubscribed from {named}.", issue)

    async def lists(self, request: Request) -> Response:
        """What a subscriber receives, to be changed."""
        says = self._told(request, Purpose.PREFERENCES)
        offered = self.publisher.titles
        saved = request.method == "POST"
        if saved:
            ticked = {value for name, value in await read_form(request) if name == "list" and value in offered}
            await run_in_threadpool(self.members.choose, says.subscriber, ticked, offered, self.now())
        chosen = await run_in_threadpool(self.members.chosen, says.subscriber)
        if chosen is None:
            raise _NotGoodError
        action = self.publisher.root + request.url.path
        names = {"action": action, "lists": list(offered.items()), "ticked": chosen, "saved": saved}
        return self._show("lists.html.j2", "Your subscription", names)

    async def style(self, _: Request) -> Response:
        """The stylesheet of these pages."""
        path = find(f"{AREA}/{STYLE}", self.publisher.folders)
        return Response(path.read_bytes(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    async def not_good(self, _: Request, __: Exception) -> Response:
        """The one answer to every link that is not good, whatever is wrong with it."""
        return self._page(*_LINK_IS_NOT_GOOD, status=404)

    async def refused(self, _: Request, error: Exception) -> Response:
        """The page for an HTTP error."""
        assert isinstance(error, HTTPException)
        title, line = _SAYS.get(error.status_code, _SAYS[400])
        return self._page(title, line, status=error.status_code, headers=error.headers)

    async def failed(self, _: Request, error: Exception) -> Response:
        """The page for a failure of ours, which is told to the operator and not to the visitor."""
        self.desk.tell(str(error))
        return self._page(*_SAYS[503], status=503, headers={"Retry-After": "300"})

    def _told(self, request: Request, purpose: Purpose) -> Told:
        says = told(self.ring, purpose, request.path_params["token"], self.now())
        if says is None:
            raise _NotGoodError
        return says

    def _named(self, lists: tuple[str, ...]) -> str:
        return ", ".join(self.publisher.titles.get(name, name) for name in lists)

    def _form(self, typed: str, ticked: frozenset[str], mistake: str | None) -> Response:
        lists = list(self.publisher.titles.items())
        names = {"typed": typed, "lists": lists, "ticked": ticked, "mistake": mistake}
        return self._show("subscribe.html.j2", "Subscribe", names, 422 if mistake else 200)

    def _button(self, request: Request, title: str, button: str, line: str, all_button: str = "") -> Response:
        action = self.publisher.root + request.url.path
        names = {"lines": [line], "action": action, "button": button, "all_button": all_button}
        return self._show("button.html.j2", title, names)

    def _page(self, title: str, *lines: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        return self._show("page.html.j2", title, {"lines": lines}, status, headers)

    def _show(
        self,
        template: str,
        title: str,
        names: Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        who = self.publisher
        same = {
            "title": title, "publication": who.publication, "root": who.root, "postal_address": who.postal_address,
        }  # fmt: skip
        return HTMLResponse(
            fill(template, who.folders, {**same, **names}), status, {"Cache-Control": "no-store", **(headers or {})}
        )


class _NotGoodError(Exception):
    """A link that says nothing to us, for whatever reason."""


def application(front: Front) -> ASGIApp:
    """The application: the pages, the archive, and the headers that every answer carries."""
    both = ["GET", "POST"]
    routes = [
        Route("/subscribe", front.subscribe, methods=both),
        Route("/subscribe/style.css", front.style, methods=["GET"]),
        Route("/confirm/{token}", front.confirm, methods=both),
        Route("/leave/{token}", front.leave, methods=both),
        Route("/lists/{token}", front.lists, methods=both),
        Mount("/", Archive(front.publisher.archive, f"{front.publisher.root}/subscribe")),
    ]
    pages = Starlette(
        routes=routes,
        exception_handlers={
            _NotGoodError: front.not_good,
            HTTPException: front.refused,
            ReportgenError: front.failed,
        },
    )
    return SecureHeaders(pages, secure=front.publisher.base.startswith("https:"))


def _mistake(typed: str, ticked: frozenset[str]) -> str | None:
    """What is wrong with a sign-up's form; whether anybody knows the address plays no part."""
    try:
        address_of(typed)
    except DataError:
        return "This is not an e-mail address that we can write to. Please write it like name@example.com."
    return None if ticked else "Please tick at least one box."
