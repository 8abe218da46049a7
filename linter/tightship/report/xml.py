"""The reports in XML: Checkstyle's, for Jenkins, reviewdog and editors, and JUnit's, for dashboards.

Checkstyle's ``XMLLogger`` writes files, and errors in them. In JUnit's, as Jenkins, GitLab and
others read it, a file is a suite, and a finding a test in it: one that failed if its severity
makes the run fail, otherwise one that passed with output. A part that could not be checked is a
test with an error. A file without findings is a test that passed. The text is ASCII.
"""

from __future__ import annotations

from tightship.report.report import Place, Report, ReportOptions, by_file
from tightship.report.terminal import brief, visible
from tightship.rules.address import address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.report import Summary


DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """Return a text for an attribute or between tags; it is ASCII.

    Characters that XML forbids (most control characters, lone surrogates) or that are
    not printable become visible, so none of them acts on a terminal either.
    """
    text = visible(text)
    for char, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(char, f"&{name};")
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def lines(*texts: str) -> str:
    """Return several lines for between tags."""
    return "\n".join(escaped(text) for text in texts)


def attributes(**values: object) -> str:
    """Return attributes, each with a space before it."""
    return "".join(f' {name}="{escaped(str(it))}"' for name, it in values.items())


_VERSION = "4.3"  # of Checkstyle: readers require one


class CheckstyleReport(Report):
    """Writes a ``<file>`` for each file with findings, and an ``<error>`` for each."""

    opening = f"{DECLARATION}<checkstyle{attributes(version=_VERSION)}>\n"

    def verdict(self, verdict: Verdict) -> str:
        """Return the files of a verdict."""
        files = by_file(verdict.findings).items()
        return "".join(_file(name, findings) for name, findings in files)

    def closing(self, summary: Summary) -> str:
        """Return the end of the document."""
        return "</checkstyle>\n"


def _file(name: str, findings: list[JudgedFinding]) -> str:
    errors = "".join(_error(judged) for judged in findings)
    return f"  <file{attributes(name=name)}>\n{errors}  </file>\n"


def _error(judged: JudgedFinding) -> str:
    place = Place(judged.span)
    values = attributes(
        line=place.line,
        column=place.column,
        severity=judged.severity.word,
        message=brief(judged.finding.message),
        source=f"tightship.{judged.rule.name}",
    )
    return f"    <error{values}/>\n"


class JunitReport(Report):
    """Writes suites, one file after another."""

    opening = f"{DECLARATION}<testsuites{attributes(name='tightship')}>\n"

    def __init__(self, options: ReportOptions) -> None:
        self._clean: set[tuple[str, str]] = set()

    def verdict(self, verdict: Verdict) -> str:
        """Return the suites of a verdict: those with findings, then the others."""
        files = by_file(verdict.findings)
        suites = [_findings(name, findings, verdict) for name, findings in files.items()]
        for source in verdict.sources:
            key = verdict.root, source.name
            if source.name not in files and key not in self._clean:
                self._clean.add(key)
                names = attributes(name="no findings", classname=source.name)
                suites.append(_suite(source.name, [f"    <testcase{names}/>\n"]))
        return "".join(suites)

    def closing(self, summary: Summary) -> str:
        """Return the end of the document."""
        return "</testsuites>\n"


def _findings(name: str, findings: list[JudgedFinding], verdict: Verdict) -> str:
    kinds = [_kind(judged, verdict) for judged in findings]
    tests = [_test(*pair) for pair in zip(findings, kinds, strict=True)]
    return _suite(name, tests, kinds.count("failure"), kinds.count("error"))


def _kind(judged: JudgedFinding, verdict: Verdict) -> str:
    if "gap" in judged.rule.tags:
        return "error"
    return "failure" if verdict.fails(judged) else "system-out"


def _suite(name: str, tests: list[str], failures: int = 0, errors: int = 0) -> str:
    counts = attributes(name=name, tests=len(tests), failures=failures, errors=errors, skipped=0)
    return f"  <testsuite{counts}>\n{''.join(tests)}  </testsuite>\n"


def _test(judged: JudgedFinding, kind: str) -> str:
    place, finding = Place(judged.span), judged.finding
    message = brief(finding.message)
    name = attributes(
        name=f"{judged.rule.name} ({place.line}:{place.column})", classname=place.path
    )
    output = [f"{place}: {judged.severity.word}: {message} [{judged.rule.name}]"]
    if finding.fix is not None:
        output.append(f"fix: {brief(finding.fix.title)}")
        if finding.fix.may_break:
            output.append(f"may break: {brief(finding.fix.may_break)}")
    for related in finding.because:
        output.append(f"{Place(related.span)}: {related.message}")
    address = address_of(judged.rule)
    if address:
        output.append(f"see: {address}")
    values = ""
    if kind != "system-out":
        values = attributes(message=message, type=judged.severity.word)
    body = f"<{kind}{values}>{lines(*output)}</{kind}>"
    return f"    <testcase{name}>\n      {body}\n    </testcase>\n"
