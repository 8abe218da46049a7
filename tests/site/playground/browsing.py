"""The playground as people get it: served on this machine, in a headless Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.report.chromium import Browser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "linter" / "site" / "playground"
BUILT = SOURCES / "dist"
FOLDER = "/playground/"
PATIENCE = 60
_AT_ONCE = 20  # requests, which are answered sooner than a browser has to answer

# How a browser answers a question to a page that has been replaced by another.
_GONE = ("navigated or closed", "context was destroyed", "find default execution context")


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(FOLDER) if path.startswith(FOLDER) else "missing"
        return super().translate_path(f"/{inside}")

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the server records what is asked for."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del size
        assert isinstance(self.server, Server)
        self.server.asked.append((self.command, self.path, int(code)))


class Server(http.server.ThreadingHTTPServer):
    """Serves the playground from loopback; after an end it can begin at the same port."""

    daemon_threads = True

    def __init__(self, port: int = 0, folder: Path = BUILT) -> None:
        handler = functools.partial(_Handler, directory=str(folder))
        super().__init__(("127.0.0.1", port), handler)
        self.asked: list[tuple[str, str, int]] = []
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def url(self) -> str:
        """Return the address of the playground."""
        return f"http://127.0.0.1:{self.server_address[1]}{FOLDER}"


class Page(Browser):
    """The playground in a browser."""

    def __enter__(self) -> Page:
        return self

    def visit(self, url: str) -> None:
        """Go to an address, or load it again, and wait until the page is loaded."""
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=url)
        end = time.monotonic() + PATIENCE
        while not any(e["method"] == "Page.loadEventFired" for e in self.events):
            assert time.monotonic() < end
            self.events.append(self._next())

    def value_of(self, promise: str) -> Any:
        """Return the value of a promise in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=promise, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression, or the promise that it gives, is true."""
        end = time.monotonic() + PATIENCE
        # One look lasts until the page has changed or a moment is over.
        look = (
            "(async () => { for (let left = 100; left > 0; left--) {"
            f" try {{ if (await ({expression})) return true; }} catch {{}}"
            " await new Promise((go) => setTimeout(go, 10)); } return false; })()"
        )
        while not self._holds(look):
            assert time.monotonic() < end, f"{expression}; {self.state()}"

    def _holds(self, look: str) -> bool:
        """Return what a look says; a page that loads itself again ends it."""
        try:
            return bool(self.value_of(look))
        except AssertionError as error:
            if any(text in str(error) for text in _GONE):
                return False
            raise

    def state(self) -> str:
        """Return what the page says of itself."""
        text: str = self.value(
            "document.querySelector('#status')?.textContent + ' '"
            " + document.querySelector('#notice')?.textContent"
        )
        return text

    def checked(self) -> str:
        """Wait until the results are about the texts as they are, and return the status."""
        self.until("!document.body.classList.contains('stale')")
        return self.state()

    def click(self, selector: str, text: str = "") -> None:
        """Click the first element that a selector finds and that has a text."""
        self.until(
            f"[...document.querySelectorAll({selector!r})].some((one) =>"
            f" one.textContent.includes({text!r}) && (one.click(), true))"
        )

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)

    def key(self, key: str, code: int, modifiers: int = 0) -> None:
        """Press a key by its number; of modifiers, 2 is Ctrl."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
            )

    def replace(self, file: str, text: str) -> None:
        """Replace the text of a file by typing over it."""
        self.click("#files [role=tab]", file)
        self.value("document.querySelector('.cm-content').focus()")
        self.call(
            "Input.dispatchKeyEvent",
            type="rawKeyDown",
            key="a",
            code="KeyA",
            windowsVirtualKeyCode=65,
            modifiers=2,
            commands=["selectAll"],
        )
        self.type(text)

    def rules(self) -> list[str]:
        """Return the rules of the findings in the list."""
        names: list[str] = self.value(
            "[...document.querySelectorAll('#findings .about a')].map((a) => a.textContent)"
        )
        return names

    def text(self) -> str:
        """Return the text of the file that is shown; it must fit on the screen."""
        text: str = self.value(
            "[...document.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')"
        )
        return text

    def answers(self, requests: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return what a worker of the playground answers to requests, in their order."""
        self.value("globalThis.asked = new Worker('worker.js', {type: 'module'}); null")
        answers = list[Any]()
        for start in range(0, len(requests), _AT_ONCE):
            some = json.dumps(requests[start : start + _AT_ONCE])
            answers += self.value_of(
                f"""new Promise((done) => {{
                    const requests = {some}, answers = [];
                    asked.onmessage = ({{ data }}) => {{
                        if (data.kind === "progress" || data.kind === "ready") return;
                        answers.push(data);
                        if (answers.length === requests.length || data.kind === "broken")
                            done(answers);
                    }};
                    requests.forEach((one, id) => asked.postMessage({{ id, ...one }}));
                }})"""
            )
        self.value("asked.terminate()")
        return answers
