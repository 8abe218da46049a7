"""Load the files of a project into one tree.

For each document of each file, in this order: aliases and merge keys are followed and
variables replaced (:mod:`~tightship.model.value`), included projects are
loaded, resets take effect on the layers so far, services are extended, and the document
is merged onto the layers so far (compose-go, loader/loader.go).
"""

from __future__ import annotations

from tightship.frontends.compose.loading.fault import Fault, variable_faults
from tightship.frontends.compose.loading.state import LoadState
from tightship.frontends.compose.specification.keys import FILE, at
from tightship.model.value import MappingValue, SequenceValue, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.loading.reset import Reset
    from tightship.model.reading import Reading
    from tightship.syntax.yaml import nodes as yaml


class Loading(LoadState):
    """The load of one project, phase by phase."""

    def files(
        self, names: list[str], reading: Reading, including: tuple[str, ...] = ()
    ) -> MappingValue | None:
        """Return the tree of several files, each merged onto those before it.

        ``including`` holds the paths of the files that include these.
        """
        loaded: MappingValue | None = None
        self.whole.update(names)
        for path in names:
            stream = self.stream(path, None)
            for document in stream.documents if stream else ():
                loaded = self._merge(loaded, document, reading, (*including, path))
        return loaded

    def _merge(
        self,
        loaded: MappingValue | None,
        document: yaml.Node,
        reading: Reading,
        including: tuple[str, ...],
    ) -> MappingValue | None:
        """Return the layers so far with one more document."""
        top = value(document, (), reading)
        if not isinstance(top, MappingValue):
            return loaded
        self.faults += variable_faults(document, reading, self.unset)
        tagged = _resets(document)
        include = top.get("include")
        if isinstance(include, SequenceValue):
            from tightship.frontends.compose.loading.include import included

            top = included(self, top, include, including, self.files)
        for reset in tagged:
            if loaded is not None:
                loaded = self._remove(loaded, reset)
        if _extends(top):
            from tightship.frontends.compose.loading.extends import extended

            top = extended(self, top, tagged)
        if loaded is None:
            return top
        merged = self.merging.merge(loaded, top, FILE, ())
        return merged if isinstance(merged, MappingValue) else loaded

    def _remove(self, loaded: MappingValue, reset: Reset) -> MappingValue:
        if reset.inside_list or not reset.path:
            self._report_no_effect(loaded, reset)
            return loaded
        from tightship.frontends.compose.loading.reset import removal, without

        loaded, removed = without(loaded, reset.path, FILE)
        if removed is not None:
            shape = at(*reset.path)
            if shape is not None:
                self.merging.report_empty(removed, shape, reset.path)
            self.removals.append(removal(reset, removed))
        return loaded

    def _report_no_effect(self, loaded: MappingValue, reset: Reset) -> None:
        below = loaded.get(*reset.path)
        if below is None or reset.tag != "!reset":
            return
        self.faults.append(
            Fault(
                "no-effect",
                reset.span,
                "`!reset` on an item removes nothing: it works on whole keys, so all"
                f" items of `{reset.path[-1]}` in the overridden file stay",
                path=reset.path,
                lost=below,
            )
        )


def _resets(document: yaml.Node) -> list[Reset]:
    text = document.span.text  # of this document alone: a file may have thousands
    if not document.tag and "!reset" not in text and "!override" not in text:
        return []
    from tightship.frontends.compose.loading.reset import resets

    return resets(document)


def _extends(top: MappingValue) -> bool:
    """Return whether a service extends another one."""
    services = top.get("services")
    return isinstance(services, MappingValue) and any(
        isinstance(one.value, MappingValue) and one.value.get("extends") is not None
        for one in services.entries.values()
    )
