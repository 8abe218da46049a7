"""How fast the playground is: its first finding, cold and warm, and after an edit.

`make playground`, and then `python -m tests.bench.playground [RUNS]`. Each run has a browser
of its own, whose first visit is cold and whose second is warm; the server is on this
machine, so that the network takes no part. A time ends when the findings are on the page.
"""

from __future__ import annotations

import gzip
import statistics
import sys

from tests.site.playground.browsing import BUILT, Page, Server

_LINES = 100
_EDITS = 20
_SHOWN = "document.querySelector('#findings li')"
_SERVICE = """\
  service{0}:
    image: nginx:1.29
    ports: ["127.0.0.1:{0}:80"]
    volumes: ["data:/var/cache"]
    restart: always
"""


def main(runs: int) -> None:
    """Print medians, in milliseconds, and what a first visit downloads."""
    cold, warm, edits, checks = (list[float]() for _ in range(4))
    for _ in range(runs):
        with Page(1200, 800) as page, Server() as server:
            page.visit(server.url)
            cold.append(_first_finding(page))
            page.until("document.documentElement.dataset.offline === 'ready'")
            page.visit(server.url)
            warm.append(_first_finding(page))
            services = "".join(_SERVICE.format(8000 + n) for n in range(_LINES // 5))
            page.replace("compose.yaml", f"services:\n{services}volumes: {{data: }}\n")
            page.checked()
            for _ in range(_EDITS):
                edits.append(page.value_of(_EDIT))
                checks.append(page.value("performance.measure('c', 'asked', 'checked').duration"))
    for name, times in (
        ("first finding, cold", cold),
        ("first finding, warm", warm),
        (f"an edit in {_LINES} lines, to the screen", edits),
        ("  of which in the worker", checks),
    ):
        print(
            f"{name:36} {statistics.median(times):6.0f} ms"
            f"   ({min(times):.0f} to {max(times):.0f}, {len(times)} times)"
        )
    files = [path for path in BUILT.rglob("*") if path.is_file()]
    plain = sum(path.stat().st_size for path in files)
    packed = sum(len(gzip.compress(path.read_bytes())) for path in files)
    print(f"{'download':36} {plain / 1e6:6.1f} MB  ({packed / 1e6:.1f} MB with gzip)")


def _first_finding(page: Page) -> float:
    """Return the time from the start of the navigation, in milliseconds."""
    page.until(_SHOWN)
    time: float = page.value("performance.getEntriesByName('checked')[0].startTime")
    return time


# Types a letter at the end of the file, and waits until the results are about it.
_EDIT = """(async () => {
    const start = performance.now();
    document.querySelector('.cm-content').focus();
    document.execCommand('insertText', false, '#');
    while (!document.body.classList.contains('stale')) await null;
    while (document.body.classList.contains('stale'))
        await new Promise((go) => requestAnimationFrame(go));
    return performance.now() - start;
})()"""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
