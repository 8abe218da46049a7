"""A first file of probes, from what the ports of the plain copy say."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from tightship.lazy import regex
from tightship.lazy.modules import facts
from tightship_annexes.trial.agreement import START
from tightship_annexes.trial.engine_trials import EngineTrials
from tightship_annexes.trial.observation import listening, ports_of
from tightship_annexes.trial.probe_file import probe_of
from tightship_annexes.trial.probes import Probe, Probes, published
from tightship_annexes.trial.requests import page, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from tightship_annexes.trial.run import Run

    Table = Mapping[str, Any]

_MOST = 3  # forms
_VALUES = {"email": "probe@example.org", "number": "1", "url": "http://localhost/", "tel": "1"}
_HEAD = """\
# Proposed by `tightship try --propose-probes`: what succeeded in the project as it is. Read it,
# correct it, and add what the service is really used for, without `word = "answers"`.
"""
_LOCAL = regex(r"https?://(?:localhost|127\.0\.0\.1)(?::(\d+))?(/[!-&(-~]*)")


def proposed(run: Run, services: Sequence[str], say: Callable[[str], None]) -> str:
    """Start the project as it is, and return a file of the probes that succeed there.

    Raises:
        EngineError: the engine fails.

    """
    say("the project as it is, to see its ports")
    trials = EngineTrials(run, services)
    trials.start_plain()
    ports = {
        name: {
            *((port, "tcp") for port in (*ports_of(about), *listening(run.engine, about["Id"]))),
            *((port, "udp") for port in ports_of(about, "udp")),
        }
        for name, about in trials.inspected().items()
    }
    known = [(n, t) for n, own in ports.items() for t in facts("probes")["probe"] if _suits(t, own)]
    first = [_probe(name, {"http": "GET /", "port": port})
             for name, own in ports.items() for port, kind in own if kind == "tcp"]  # fmt: skip
    run.copy = published(run.copy, [*(_probe(*one) for one in known), *first])
    say("again with these ports published, to try the probes")
    trials = EngineTrials(run, services)  # which now looks at these ports
    trials.start_plain()
    found: list[tuple[str, Table]] = []
    for name, about in trials.inspected().items():
        own = [table for service, table in known if service == name]
        seen = trials.plain[name].get(START)
        for port, said in seen.answers.items() if seen else ():
            place = place_of(about, f"{port}/tcp")
            own += _web(port, said, place) if place and said.startswith("HTTP") else ()
        own += _of_health(about)
        found += [(name, one) for one in _working(run, name, own, about)]
    return _HEAD + "".join(_written(*one) for one in found) if found else ""


def _working(
    run: Run, service: str, tables: Sequence[Table], about: Mapping[str, Any]
) -> Iterator[Table]:
    """Yield the probes that succeed; of those of a protocol, the first for each port."""
    taken = set[int]()
    for table in tables:
        if "http" not in table and table["port"] in taken:
            continue
        if _succeeds(run, service, table, about):
            taken.add(table["port"])
            yield table


def _suits(table: Table, ports: set[tuple[int, str]]) -> bool:
    return any((table["port"], kind) in ports for kind in ("tcp", "udp")
               if kind in table or not table.keys() & {"tcp", "udp"})  # fmt: skip


def _probe(service: str, table: Table) -> Probe:
    found = probe_of({**table, "service": service})
    assert isinstance(found, Probe)
    return found


def _succeeds(run: Run, service: str, table: Table, about: Mapping[str, Any]) -> bool:
    failing = Probes(run, [service], [_probe(service, table)]).failing(service, service, {})
    return failing is not None and not failing(about)


def _web(port: int, said: str, place: tuple[str, int]) -> Iterator[Table]:
    """Yield requests to a server of web pages: its first page and its forms."""
    yield {"port": port, "http": "GET /", "status": int(said.split()[1]), "word": "answers"}
    forms = _Forms()
    forms.feed(page(place, "/").decode("utf-8", "replace"))
    for action, fields in forms.found[:_MOST]:
        # A page that says what is wrong with a form has no other status.
        yield {"port": port, "http": f"POST {action}", "form": fields, "word": "answers"}


class _Forms(HTMLParser):
    """Finds forms that are sent with POST, and fills in their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or a field."""
        own = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._fields = {}
            action = own.get("action", "/").split("#")[0]
            path = action if action.startswith("/") else f"/{action}"
            is_here = "://" not in action and not action.startswith("//") and path.isascii()
            if own.get("method", "").lower() == "post" and is_here and " " not in path:
                self.found.append((path, self._fields))
        elif tag in ("input", "textarea") and own.get("name"):
            kind = own.get("type", "text").lower()
            if kind not in ("file", "checkbox", "radio", "button", "image", "reset"):
                self._fields[own["name"]] = own.get("value") or _VALUES.get(kind, "tightship")


def _of_health(about: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the request that a health check makes, if it makes one."""
    check: Mapping[str, Any] = about["Config"].get("Healthcheck") or {}
    test: Sequence[str] = check.get("Test") or ()
    if found := _LOCAL.search(" ".join(test)):
        yield {"port": int(found[1] or 80), "http": f"GET {found[2]}", "word": "answers"}


def _written(service: str, table: Table) -> str:
    lines = [f"{key} = {_value(one)}\n" for key, one in table.items()
             if key != "port" or "command" not in table]  # fmt: skip
    return f"\n[[probe]]\nservice = {_value(service)}\n{''.join(lines)}"


def _value(value: Any) -> str:
    """Return a value in TOML."""
    if issubclass(type(value), dict):
        return f"{{ {', '.join(f'{_value(k)} = {_value(v)}' for k, v in value.items())} }}"
    if issubclass(type(value), list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
