"""What files say of their purpose, where Compose does not load them."""

from __future__ import annotations

import pytest

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.signs import signs_of


def kinds(text: str, name: str = "compose.yaml") -> set[str]:
    """Return the kinds of the signs of a file with a text."""
    files = TextFiles({name: text})
    found = signs_of(files, files.path(name), is_dockerfile=False)
    return {f"{one.kind} {one.purpose}" for one in found}


def test_a_file_of_format_1_has_signs() -> None:
    assert kinds("db:\n  image: postgres:9\n") == {"servers test"}
    assert kinds("web:\n  build: .\n  volumes: ['.:/app']\n") == {"mount development"}


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("For local development.", ["statement development"]),
        ("Not for local development.", []),
        ("If you want local development, read this.", []),
        ("Local development: see dev.yml", []),
        ("The local development stack, without production data.", ["statement development"]),
        ("For demo purposes only!", ["statement example"]),
    ],
)
def test_a_sentence_about_another_file_says_nothing(comment: str, expected: list[str]) -> None:
    assert kinds(f"# {comment}\nservices: {{web: {{image: x}}}}\n") == {*expected}


@pytest.mark.parametrize(
    ("mount", "is_source"),
    [
        (".:/code", True),
        ("./src:/x/src", True),
        ("./src:/x/src:ro", False),
        (".:/data", False),
        (".:/etc/app", False),
        ("./data:/app", False),
        ("app:/app", False),
    ],
)
def test_source_code_over_that_of_an_image(mount: str, is_source: bool) -> None:
    text = f"services: {{web: {{image: example/shop, volumes: ['{mount}']}}}}\n"
    assert ("mount development" in kinds(text)) is is_source


def images(*names: str) -> str:
    """Return a file of services that run images."""
    services = (f"  s{number}: {{image: '{name}'}}\n" for number, name in enumerate(names))
    return f"services:\n{''.join(services)}"


def test_what_an_overlay_changes_is_no_server() -> None:
    patch = "  web: {depends_on: [s0]}\n"
    assert "servers test" in kinds(images("mysql:8") + patch, "compose.ci.yaml")
    assert "servers test" not in kinds(images("mysql:8") + patch)
    assert "servers test" not in kinds(images("mysql:8") + "  web: {build: .}\n", "compose.ci.yaml")


@pytest.mark.parametrize(
    ("mount", "folder", "expected"),
    [
        ("..:/code", "", True),
        ("..:/shop", "/shop", True),
        (".:/shop/", "/shop", True),
        ("..:/shop", "", False),
        ("./conf:/shop", "/shop", False),
        (".:/data", "/data", False),
    ],
)
def test_the_source_is_where_a_service_works(mount: str, folder: str, expected: bool) -> None:
    text = f"services: {{a: {{image: x, working_dir: '{folder}', volumes: ['{mount}']}}}}\n"
    assert ("mount development" in kinds(text)) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("./tests/test-shop.sh", True),
        ('bash -c "./tests/all.sh -v"', True),
        ("/srv/test-all.sh", True),
        ("./latest/start.sh", False),
        ("serve --root tests/", False),
        ("./contest-server.sh", False),
    ],
)
def test_a_script_of_tests_is_a_command(command: str, expected: bool) -> None:
    text = f"services: {{a: {{image: x, command: '{command}'}}}}\n"
    assert ("command test" in kinds(text)) is expected


def test_a_shell_is_no_start_among_images_of_distributions() -> None:
    texts = {f"distros/Dockerfile.{one}": 'FROM x\nENTRYPOINT ["/bin/bash"]\n' for one in _DISTROS}
    texts["distros/Dockerfile.fedora"] = "FROM x\nCMD bash /srv/start.sh\n"
    files = TextFiles(texts)
    found = {
        name: [one.kind for one in signs_of(files, name, lambda: texts, is_dockerfile=True)]
        for name in texts
    }
    assert found == {name: [] if "fedora" in name else ["matrix"] for name in texts}


_DISTROS = ("alpine", "debian", "ubuntu", "arch", "fedora")
