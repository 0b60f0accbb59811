"""Headless Chromium over its debugging pipe: no driver, no socket, no package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
    "--disable-background-networking", "--disable-sync", "--no-first-run", "--disable-extensions",
)  # fmt: skip
_LAUNCH = """import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])"""
"""Chromium reads its orders from descriptor 3 and answers on 4."""


class Chromium:
    """A browser with one page. Skips the test where no Chromium is installed."""

    def __init__(self, profile: Path) -> None:
        browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
        if browser is None:
            pytest.skip("needs Chromium (Debian: apt-get install chromium)")
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        command = [sys.executable, "-c", _LAUNCH, str(reads), str(writes), browser, *_OPTIONS]
        command += [f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            command, pass_fds=(reads, writes), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(reads)
        os.close(writes)
        self._pending = b""
        self._count = 0
        target = self._call("Target.createTarget", None, url="about:blank")["targetId"]
        self._session: str = self._call("Target.attachToTarget", None, targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._to)
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._from)

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """A command of the page and its answer. Raises RuntimeError where the browser refuses it."""
        return self._call(method, self._session, **parameters)

    def _call(self, method: str, session: str | None, **parameters: object) -> dict[str, Any]:
        self._count += 1
        told: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if session is not None:
            told["sessionId"] = session
        data = json.dumps(told).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]
        while (answer := self._message()).get("id") != self._count:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._pending:
            read = os.read(self._from, 1 << 20)
            if not read:
                raise RuntimeError("the browser ended")
            self._pending += read
        message, _, self._pending = self._pending.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def show(self, page: Path, width: int, scheme: Literal["light", "dark"] = "light", height: int = 900) -> None:
        """Open a file in a window of that width, light or dark, and wait for its fonts."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=media)
        self.call("Page.navigate", url=page.as_uri())
        waiting = "new Promise(r => document.readyState === 'complete' ? r(0) : addEventListener('load', () => r(0)))"
        self.ask(f"{waiting}.then(() => document.fonts.ready).then(() => 0)")

    def ask(self, script: str) -> Any:  # noqa: ANN401, a script may give anything
        """What a script gives, once its promise is kept. Raises RuntimeError where the script fails."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(str(told["exceptionDetails"])[:2000])
        return told["result"].get("value")

    def press_tab(self) -> None:
        """Press the tab key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def picture(self, *, whole: bool = True) -> bytes:
        """The page as PNG, in full length unless told otherwise."""
        told = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(told["data"])
