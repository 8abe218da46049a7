"""The schema of the report of `tightship controls`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS

from tightship.controls.assessment import STATES, UNDECIDABLE
from tightship.engine.roles.role import PURPOSES
from tightship.report.controls import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
PLACE = {"file": TEXT, "line": {"type": "integer", "minimum": 1}}
LEFT = {"file": TEXT, "line": {"type": ["integer", "null"], "minimum": 1}}


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of the report."""
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The state of controls in projects",
        **_object(
            schema={"const": SCHEMA},
            notice=TEXT,
            version=TEXT,
            day={"type": "string", "format": "date"},
            scope=_scope(),
            catalogues=_list(_catalogue()),
        ),
    }
    return {DOCS / "controls.schema.json": json.dumps(made, indent=1) + "\n"}


def _scope() -> dict[str, object]:
    project = _object(
        files=_list(TEXT), purpose=_one_of("product", *PURPOSES), services=COUNT, images=COUNT
    )
    return _object(
        commit=_said("empty if it is not known"),
        changed=_said("whether files differ from the commit", FLAG),
        policies=_list(_said("the name of a policy, its version and its digest")),
        projects=_list(project),
        not_checked=_list(_object(**PLACE, reason=TEXT)),
        not_looked_at=_list(_object(**LEFT, reason=TEXT)),
    )


def _catalogue() -> dict[str, object]:
    control = _object(
        id=TEXT,
        title=TEXT,
        decidable=_one_of("yes", "partly", "no"),
        who=_said("who decides what files do not"),
        given=_said("what the host or the daemon has to have, too"),
        state=_one_of(*STATES, UNDECIDABLE),
        counts={
            "type": "object",
            "propertyNames": _one_of(*STATES),
            "additionalProperties": {"type": "integer", "minimum": 1},
        },
        outcomes=_list(_outcome()),
    )
    return _object(
        id=TEXT, title=TEXT, release=TEXT, link=TEXT, contribution=FLAG, controls=_list(control)
    )


def _outcome() -> dict[str, object]:
    evidence = _object(
        **PLACE, fact=TEXT, default=_said("what holds where a file sets nothing, with its source")
    )
    finding = _object(**PLACE, rule=TEXT, message=TEXT, accepted=TEXT, accepted_because=TEXT)
    return _object(
        kind=_one_of("service", "stage"),
        name=TEXT,
        **PLACE,
        state=_one_of(*STATES),
        reason=_said("why it is undecided"),
        evidence=_list(evidence),
        findings=_list(finding),
    )


def _object(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def _list(one: object) -> dict[str, object]:
    return {"type": "array", "items": one}


def _one_of(*words: str) -> dict[str, object]:
    return {"enum": [*words]}


def _said(words: str, kind: dict[str, str] = TEXT) -> dict[str, object]:
    return {**kind, "description": words}
