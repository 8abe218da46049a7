"""The code actions for findings: fixes and suppressions."""

from __future__ import annotations

from collections import Counter
from functools import partial

from lsprotocol import types

from tightship.engine.accept.suppress import suppress
from tightship.engine.fix.fixes import FixSelection, fixed
from tightship.engine.fix.proof import read_by_another
from tightship.engine.harden.plan import HardeningSelection, is_hardening
from tightship_lsp.diagnostics.convert import Ruler, diagnostic, offset
from tightship_lsp.features.capabilities import FIX_ALL, SUPPRESS, table
from tightship_lsp.features.document_view import document_view, kind_in
from tightship_lsp.features.edits import REASON, differences, workspace_edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from tightship.engine.disk.files import Files
    from tightship.engine.fix.proof import Flat
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix
    from tightship_lsp.features.capabilities import CodeActionCapabilities
    from tightship_lsp.features.document_view import DocumentView
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.session import Session

    Found = tuple[JudgedFinding, JudgedProject]
    _Judge = Callable[[Files], list[Verdict]]

_EAGER = 3  # findings whose suppressions have their edits at once
_MOST = 100  # findings with code actions in one answer


def code_actions(
    session: Session, params: types.CodeActionParams, can: CodeActionCapabilities
) -> list[types.CodeAction]:
    """Return the code actions for the findings in a range of a document."""
    view = document_view(session, params.text_document.uri) if can.literals else None
    if view is None:
        return []
    return _distinguished(list(_Offers(view, params, can).actions()))


def resolve(
    session: Session, action: types.CodeAction, can: CodeActionCapabilities
) -> types.CodeAction:
    """Add the edit to an action, for the document as it is now, if there is one."""
    data = table(action.data)
    view = document_view(session, str(data.get("uri")))
    if view is None or action.edit is not None:
        return action
    job, rule = data.get("job"), str(data.get("rule"))
    made = _EditBuilder(view, can)
    if job == "harden":
        service = data.get("service")
        action.edit = made.hardening((str(service),) if service else ())
    elif job == "fix-all":
        action.edit = made.fixes(FixSelection())
    elif job == "fix-rule":
        action.edit = made.fixes(FixSelection(all_effects=True, names=(rule,)))
    elif job in ("ignore", "ignore-file"):
        prints = {data.get("fingerprint")}
        for judged, project in view.report.found:
            if judged.rule.name == rule and judged.fingerprint in prints:
                whole = job == "ignore-file"
                action.edit = made.suppression(judged, project, whole_file=whole)
                break
    return action


class _Offers:
    """The code actions for one request."""

    def __init__(
        self, view: DocumentView, params: types.CodeActionParams, can: CodeActionCapabilities
    ) -> None:
        self._view = view
        self._params = params
        self._can = can
        self._ruler = Ruler(view.session.encoding)
        # The diagnostics of the client, by fingerprint.
        self._sent: dict[str, types.Diagnostic] = {}
        for one in params.context.diagnostics:
            known = table(one.data).get("fingerprint")
            if isinstance(known, str):
                self._sent[known] = one

    def actions(self) -> Iterator[types.CodeAction]:
        asked = self._asked()
        if self._wants(types.CodeActionKind.QuickFix):
            yield from self._hardenings(asked)
            for judged, project in asked:
                yield from self._fix(judged, project)
            yield from self._fixes_of_rules(asked)
        if self._wants(SUPPRESS):
            yield from self._suppressions(asked)
        if self._wants(FIX_ALL) and self._is_deliberate():
            yield from self._fix_all()

    def _wants(self, kind: str) -> bool:
        """Return whether the request is for a kind, one above it, or all."""
        only = self._params.context.only
        words = None if only is None else {str(getattr(o, "value", o)) for o in only}
        return words is None or any(
            word in ("", kind) or kind.startswith(f"{word}.") for word in words
        )

    def _is_deliberate(self) -> bool:
        """Return whether to offer changes of the whole file.

        Editors also ask whenever the cursor moves.
        """
        context = self._params.context
        automatic = context.trigger_kind == types.CodeActionTriggerKind.Automatic
        return context.only is not None or not automatic

    def _asked(self) -> list[Found]:
        """Return the findings in the range, and those of the diagnostics in the request."""
        encoding, document = self._view.session.encoding, self._view.document
        start = offset(document, self._params.range.start, encoding)
        end = offset(document, self._params.range.end, encoding)
        return [
            (judged, project)
            for judged, project in self._view.report.found
            if (judged.span.start <= end and start <= judged.span.end)
            or (self._sent and judged.fingerprint in self._sent)
        ][:_MOST]

    def _hardenings(self, asked: list[Found]) -> Iterator[types.CodeAction]:
        """Yield one action for all that is known to work at a service, and at all."""
        found = [one for one in self._view.report.found if is_hardening(one[0])]
        services = dict.fromkeys(
            name for judged, _ in asked if is_hardening(judged) for name in judged.services
        )
        for service in services:
            yield from self._later(
                f"Harden service `{service}` with known fixes",
                types.CodeActionKind.QuickFix,
                [one for one in asked if is_hardening(one[0]) and service in one[0].services],
                {"job": "harden", "service": service},
            )
        every = {name for judged, _ in found for name in judged.services}
        if services and len(every) > 1:
            yield from self._later(
                f"Harden all {len(every)} services with known fixes",
                types.CodeActionKind.QuickFix,
                (),
                {"job": "harden"},
            )

    def _fix(self, judged: JudgedFinding, project: JudgedProject) -> Iterator[types.CodeAction]:
        fix = judged.finding.fix
        if fix is None:
            return
        edit = workspace_edit(self._view, project, fix.edits, self._can.edits)
        if edit is None:
            return
        keeps = fix.keeps_behaviour
        places = [change.span for change in fix.edits]
        yield types.CodeAction(
            title=project.without_secrets(fix.title + _risk(fix), *places),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self._diagnostic(judged, project)],
            is_preferred=True if keeps and self._can.preferred else None,
            edit=edit,
        )

    def _fixes_of_rules(self, asked: list[Found]) -> Iterator[types.CodeAction]:
        """Yield an action for a rule that fixes several of its findings in the file."""
        for rule in dict.fromkeys(one.rule for one, _ in asked if one.finding.fix):
            same = [
                judged
                for judged, _ in self._view.report.found
                if judged.rule is rule and _stays(judged)
            ]
            if len(same) < 2:
                continue
            risks = [_risk(one.finding.fix) for one in same if one.finding.fix]
            yield from self._later(
                f"Fix all {len(same)} `{rule.name}`{max(risks, key=len)}",
                types.CodeActionKind.QuickFix,
                [pair for pair in asked if pair[0].rule is rule],
                {"job": "fix-rule", "rule": rule.name},
            )

    def _suppressions(self, asked: list[Found]) -> Iterator[types.CodeAction]:
        here: dict[tuple[str, int], Found] = {}
        whole: dict[str, Found] = {}
        for judged, project in asked:
            line = judged.span.source.line_start(judged.span.start)
            here.setdefault((judged.rule.name, line), (judged, project))
            whole.setdefault(judged.rule.name, (judged, project))
        eager = len(here) <= _EAGER
        for word, job, found in (
            ("here", "ignore", here.values()),
            ("in file", "ignore-file", whole.values()),
        ):
            for judged, project in found:
                name = judged.rule.name
                data = {"job": job, "rule": name, "fingerprint": judged.fingerprint}
                title = f"Ignore `{name}` {word}"
                pairs = [(judged, project)]
                yield from self._later(title, SUPPRESS, pairs, data, eager=eager)

    def _fix_all(self) -> Iterator[types.CodeAction]:
        found = self._view.report.found
        if any(_stays(judged) and _keeps_behaviour(judged.finding.fix) for judged, _ in found):
            only = self._params.context.only or ()
            yield from self._later(
                "Apply all fixes that keep behaviour",
                FIX_ALL,
                (),
                {"job": "fix-all"},
                # A client that asks for this kind alone applies it next.
                eager=FIX_ALL in only,
            )

    def _later(
        self,
        title: str,
        kind: str,
        found: Iterable[Found],
        data: dict[str, str],
        *,
        eager: bool = False,
    ) -> Iterator[types.CodeAction]:
        """Yield an action whose edit is made when it is chosen, if there is one."""
        action = types.CodeAction(
            title=title,
            kind=kind,
            diagnostics=[self._diagnostic(*one) for one in found] or None,
            data={"uri": self._view.document.uri, **data},
        )
        if eager or not self._can.resolves:
            action = resolve(self._view.session, action, self._can)
            action.data = None
            if action.edit is None:
                return
        yield action

    def _diagnostic(self, judged: JudgedFinding, project: JudgedProject) -> types.Diagnostic:
        """Return the diagnostic of a finding, as the client sent it if it did."""
        sent = self._sent.get(judged.fingerprint)
        if sent is not None:
            return sent
        report = self._view.report
        return diagnostic(
            judged,
            self._ruler,
            self._can.diagnostics,
            lambda source: report.uri_of(project, source),
        )


class _EditBuilder:
    """Makes the edits of actions."""

    def __init__(self, view: DocumentView, can: CodeActionCapabilities) -> None:
        self._view = view
        self._can = can

    def suppression(
        self, judged: JudgedFinding, project: JudgedProject, *, whole_file: bool
    ) -> types.WorkspaceEdit | None:
        """Return the edit that adds the comment which accepts a finding."""
        edits = suppress(
            [judged], REASON, whole_file=whole_file, kind=kind_in(project, judged.span.source.name)
        )
        can = self._can.edits
        return workspace_edit(self._view, project, edits, can, snippet=True)

    def hardening(self, services: Collection[str]) -> types.WorkspaceEdit | None:
        """Return the edit that hardens services; all of them, without any."""
        return self.fixes(HardeningSelection(services))

    def fixes(self, wanted: FixSelection) -> types.WorkspaceEdit | None:
        """Return the edit that applies fixes to the document, each of them proved.

        A fix for one project must not harm the others that the document is part of.
        """
        parts = list(self._view.names())
        asked = any(project.asks_shellcheck for project, _ in parts)
        every = _every_rule(shellcheck=asked)
        prove = self._judge([project for project, _ in parts], every)
        for project, name in parts:
            made = fixed(
                project.disk, project.judge_again, prove, _WantedInFile(name, wanted), self._witness
            )
            if name in made.texts:
                edits = differences(*made.texts[name])
                return workspace_edit(self._view, project, edits, self._can.edits)
        return None

    def _witness(self, text: str) -> Flat:
        return self._view.session.cancellation.run_in_thread(partial(read_by_another, text))

    @staticmethod
    def _judge(projects: Collection[JudgedProject], runner: RuleRunner) -> _Judge:
        return lambda now: [verdict for one in projects for verdict in one.judge_again(now, runner)]


class _WantedInFile(FixSelection):
    """Those of some fixes that change nothing but one file."""

    def __init__(self, name: str, wanted: FixSelection) -> None:
        super().__init__(all_effects=wanted.all_effects, names=wanted.names)
        self._name = name
        self._wanted = wanted

    def takes(self, judged: JudgedFinding) -> bool:
        """Return whether to apply the fix of a finding."""
        in_file = judged.span.source.name == self._name and _stays(judged)
        return in_file and self._wanted.takes(judged)


def _every_rule(*, shellcheck: bool) -> RuleRunner:
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.settings.selection import STRICT, Selection
    from tightship.rules.definition import SHELLCHECK

    return RuleRunner(Selection([STRICT, *((SHELLCHECK,) if shellcheck else ())]))


def _stays(judged: JudgedFinding) -> bool:
    """Return whether a finding has a fix that changes its own file only."""
    fix, source = judged.finding.fix, judged.span.source
    return fix is not None and all(e.span.source is source for e in fix.edits)


def _keeps_behaviour(fix: Fix | None) -> bool:
    return fix is not None and fix.keeps_behaviour


def _distinguished(actions: list[types.CodeAction]) -> list[types.CodeAction]:
    """Add the line to titles that several actions have."""
    counts = Counter(action.title for action in actions)
    lines = Counter((action.title, _start(action).line) for action in actions)
    for action in actions:
        title, start = action.title, _start(action)
        if counts[title] > 1:
            is_alone = lines[title, start.line] == 1
            column = "" if is_alone else f", column {start.character + 1}"
            action.title = f"{title} (line {start.line + 1}{column})"
    return actions


def _start(action: types.CodeAction) -> types.Position:
    found = action.diagnostics
    return found[0].range.start if found else types.Position(0, 0)


def _risk(fix: Fix) -> str:
    """Return the end of a title; a hover shows what the fix may break."""
    return "" if fix.keeps_behaviour else f" ({fix.effect.words})"
