"""What each command says about a missing or wrong argument: it names what to do."""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

COMPOSE = "services:\n  web: {image: alpine, user: '1'}\n  db: {image: postgres}\n"
NO_COMPOSE = "no Compose file in this folder or above; name a file or a folder"
SHELLS = "`SHELL` takes one of these values: bash, zsh, fish"


def refused(run: InFolder, capsys: pytest.CaptureFixture[str], line: str) -> str:
    """Return the last line of the error that a command line gives."""
    try:
        code: object = run(*line.split())
        error = run.err
    except SystemExit as ended:  # argparse ends the run by itself
        code, error = ended.code, capsys.readouterr().err
    assert code == 2, line
    return error.splitlines()[-1].partition(": ")[2].removeprefix("error: ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("completion", SHELLS),
        ("completion tcsh", SHELLS),
        ("completion bash zsh", "unexpected argument `zsh`"),
        ("init x", "unexpected argument `x`: `tightship init` takes options only"),
        ("check --target", "`--target` needs a value: A, B, C, D, E"),
        ("check --target Z", "`--target` takes one of these values: A, B, C, D, E"),
        ("check -f", "`--file` needs a value: FILE"),
        ("check --fix=x", "`--fix` takes no value"),
        ("check --nosuch", "unknown option `--nosuch`; `tightship check --help` lists all"),
        (
            "check --severity x=info",
            "argument --severity: unknown rule, theme or set `x`; `tightship rule` lists them",
        ),
        ("check -f a.yaml b.yaml", "-f does not work together with a PATH: leave one out"),
        ("check --watch --fix", "--watch only reports: leave it out to write files"),
        (
            "check --write-baseline --changed-since HEAD",
            "a baseline needs all findings: leave out --changed-since",
        ),
        (
            "check --show-files --fix",
            "--show-files changes no file: leave out --fix, --diff and --add-ignores",
        ),
        (
            "check --no-ignores --baseline x",
            "with --no-ignores, no baseline counts: leave one of them out",
        ),
        (
            "check --output-format json=a --output-format sarif=a",
            "two reports would go to a: name a separate file for each, as FORMAT=PATH",
        ),
        (
            "check --group-by cause --output-format sarif",
            "--group-by is for findings as text and markdown; json has their `cause`",
        ),
        ("check --group-by x", "`--group-by` takes one of these values: cause, file, none"),
        ("config gone", "`gone` does not exist: name a file or a folder"),
        ("diff", "diff takes BASE, or BASE and HEAD: commits, files or folders"),
        ("map", NO_COMPOSE),
        ("harden", NO_COMPOSE),
        ("explain", NO_COMPOSE),
    ],
)
def test_the_error_has_advice(
    in_folder: InFolder, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    assert refused(in_folder, capsys, line) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("map nosuch", "unknown service `nosuch`; choose from web, db"),
        ("harden wbe", "unknown service `wbe`; did you mean `web`?"),
        ("explain nosuch", "unknown service `nosuch` here; choose from web, db"),
        ("explain web x", "unknown key `x` here; choose from image, user, networks"),
        ("explain web user.x", "unknown key `x` here"),
        (
            "harden --to compose.yaml",
            "`compose.yaml` is another file, so it is not overwritten: name a new file",
        ),
        (
            "check --write-baseline --baseline compose.yaml",
            "`compose.yaml` is not a baseline, so it is not overwritten: name a new file",
        ),
    ],
)
def test_a_wrong_name_lists_the_valid_ones(
    in_folder: InFolder, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    assert refused(in_folder, capsys, line) == message


def test_existing_settings_are_not_overwritten(
    in_folder: InFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    in_folder.write("tightship.toml", "")
    assert refused(in_folder, capsys, "migrate --write") == (
        "`tightship.toml` already exists: it is not overwritten; without --write, the settings"
        " are printed"
    )
