"""Records of the lab: what containers were seen to have, in ``tests/oracles``.

One project is one entry; each of its services is one line, with the body that it was
started with and the facts of ``tests/lab/seen.py``. What was refused is kept with the
reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.generate import project as generated
from tests.lab.run import IMAGE, run_project
from tests.lab.seen import Baseline, everything, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.lab.engine import Engine

ORACLE = Path(__file__).parents[1] / "oracles" / "isolation.json"

Record = dict[str, Any]

# A service that is in every namespace of the host.
_OF_THE_HOST = {
    **dict.fromkeys(("pid", "ipc", "uts", "cgroup", "userns_mode"), "host"),
    "network_mode": "host",
}


class Recorder:
    """Runs projects, and describes their containers by a plain and a privileged one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        plain = {"image": IMAGE}
        both = {"plain": plain, "privileged": {**plain, "privileged": True}}
        if not engine.host_namespaces:
            both["host"] = {**plain, **_OF_THE_HOST}
        outcome = run_project(engine, "baseline", {"compose.yaml": json.dumps({"services": both})})
        if outcome.refused:
            raise RuntimeError(outcome.refused)
        host = engine.host_namespaces or outcome.probes["host"]["namespaces"]
        self.baseline = Baseline(outcome.probes["plain"], host)
        self.everything = everything(outcome.probes["privileged"])

    def header(self) -> Record:
        """Return the versions, and what a plain and a privileged container have."""
        return {
            **self.engine.versions(),
            "default": sorted(self.baseline.default),
            "everything": sorted(self.everything),
            "nofile": self.baseline.nofile,
        }

    def record(self, name: str, compose: Mapping[str, Any]) -> Record:
        """Run a project, and return its record."""
        files = {"compose.yaml": json.dumps(compose), **compose.get("x-files", {})}
        outcome = run_project(self.engine, name, files)
        top = {key: value for key, value in compose.items() if key != "services"}
        record: Record = {"name": name, "top": top}
        if outcome.refused:
            record["refused"] = outcome.refused
        services: dict[str, Any] = {}
        for service, body in compose["services"].items():
            facts: Any = None
            if outcome.probes.get(service):
                facts = seen(
                    service,
                    {k: v for k, v in outcome.probes.items() if v},
                    outcome.ports,
                    self.baseline,
                    self.everything,
                )
            services[service] = [body, facts]
        return {**record, "services": services}


def generated_records(recorder: Recorder, seeds: Iterable[int]) -> list[Record]:
    """Run the projects of some seeds."""
    return [recorder.record(f"random-{seed}", generated(seed)) for seed in seeds]


def load(path: Path = ORACLE) -> tuple[Record, list[Record]]:
    """Return the header and the records of a file."""
    header, *records = json.loads(path.read_text(encoding="utf-8"))
    return header, records


def dump(header: Record, records: Sequence[Record], inner: str = "services") -> str:
    """Return the text of a file, one line for each part that ``inner`` names."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = [line(header)]
    for record in records:
        head = line({k: v for k, v in record.items() if k != inner})
        parts = ",\n".join(f"  {line(name)}: {line(pair)}" for name, pair in record[inner].items())
        entries.append(f'{head[:-1]}, "{inner}": {{\n{parts}\n}}}}')
    return "[\n" + ",\n".join(entries) + "\n]\n"


def changes(old: Sequence[Record], new: Sequence[Record], inner: str = "services") -> Iterator[str]:
    """Yield what differs between two lists of records, one line each."""
    before = {record["name"]: record for record in old}
    after = {record["name"]: record for record in new}
    for name in before.keys() - after.keys():
        yield f"{name}: is gone"
    for name, record in after.items():
        if name not in before:
            yield f"{name}: is new"
            continue
        was = before[name]
        if was.get("refused") != record.get("refused"):
            yield f"{name}: refused: {was.get('refused')} -> {record.get('refused')}"
        for part, pair in record[inner].items():
            former = was[inner].get(part)
            if former != pair:
                yield f"{name} {part}: {former} -> {pair}"
