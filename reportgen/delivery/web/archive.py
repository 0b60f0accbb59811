"""The archive: the folder of the static site, served as it is."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from reportgen.delivery.web.security import ARCHIVE_POLICY


class Archive(StaticFiles):
    """Serves the site's files, but none whose name or folder begins with a dot.

    The folder may come later, or be replaced while we serve; where it is missing, the front page leads to the sign-up.
    """

    def __init__(self, folder: Path, front: str) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._folder = folder
        self._front = front
        self.config_checked = True  # a folder that is not there yet is no mistake

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if any(part.startswith(".") and part != "." for part in Path(path).parts) or "\0" in path:
            raise HTTPException(404)
        if path == "." and not (self._folder / "index.html").is_file():
            return RedirectResponse(self._front, 302)
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = ARCHIVE_POLICY
        return response
