"""The services of a file that a syntax error may have cost something.

Reading goes on after an error without the line at fault. A service is touched if that
is between its name and the next one, or if it takes something from elsewhere in the
file, by an alias.
"""

from __future__ import annotations

from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.yaml.nodes import Stream


def damaged_services(stream: Stream) -> frozenset[str] | None:
    """Return the names of the services that damage may touch: None for all of them.

    Any may be touched in a file of several documents, which are merged.
    """
    root = stream.documents[0] if len(stream.documents) == 1 else None
    services = root.get("services") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not isinstance(services, Mapping):
        return None
    keys = [*(key for key, _ in root.entries), *(key for key, _ in services.entries)]
    starts = sorted({key.span.start for key in keys})
    ends = dict(zip(starts, [*starts[1:], len(stream.source.text)], strict=True))
    return frozenset(
        key.value
        for key, body in services.entries
        if isinstance(key, Scalar)
        and (
            any(isinstance(node, Alias) for node in walk(body))
            or any(
                start < ends[key.span.start] and end > key.span.start
                for start, end in stream.damage
            )
        )
    )
