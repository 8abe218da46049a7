"""Files that Compose or a build only reads if a command names them, whatever they are called.

A sealed check asks for them: a name alone must not hide a violation. Of a file that the user
names, a look at the text tells the language.
"""

from __future__ import annotations

import os

from tightship.engine.disk.regular import MAX_BYTES, Refusal, read_regular
from tightship.engine.plan.scope import SkippedFile, refused_file
from tightship.engine.roles.compose_text import holds_services, is_template
from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files

_LARGEST = 1_000_000
# Source code, documents and media are neither YAML nor JSON.
_OTHERS = frozenset(["adoc", "asm", "avif", "bmp", "c", "cc", "class", "cpp", "cs", "css", "csv", "dart", "eot", "exs", "ex", "gif", "go", "gz", "h", "hpp", "htm", "html", "ico", "ipynb", "jar", "java", "jpeg", "jpg", "js", "jsx", "kt", "less", "lock", "map", "md", "mdx", "mjs", "mo", "mp3", "mp4", "otf", "pack", "pdf", "php", "pl", "png", "po", "ps1", "py", "pyc", "pyi", "rb", "rs", "rst", "sass", "scala", "scss", "so", "sql", "svg", "swift", "tar", "tex", "ts", "tsx", "ttf", "vue", "wasm", "webp", "whl", "woff", "woff2", "xml", "xz", "zip", "zst"])  # fmt: skip
_SERVICES = regex(rb"services[\"']?[ \t\r\n]*:")
_FROM = regex(rb"(?im)^[ \t]*FROM[ \t]+[^\s`]")
_DOCKERFILE = regex(r"(?si)[\s.]*(?:docker|container)file(?!.*\.dockerignore\Z).*")

_DOCKERFILE_START = regex(r"(?i)(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*+[ \t]*+(?:FROM|ARG)[ \t]")
_DOCUMENTS = (".md", ".markdown")  # whose sentences may begin with "From"
_DOCKERFILE_NAME = regex(r"(?i)(?:docker|container)file.*|.*\.(?:docker|container)file")


def may_be_meant(name: str) -> bool:
    """Return whether a file may be one of Compose's or a build, by its name."""
    return name.rpartition(".")[2].lower() not in _OTHERS


def of_unusual_name(path: str) -> bool | SkippedFile:
    """Return whether a file of any name is one of Compose's, by its text, or why it is not read.

    A Dockerfile of an unusual name is not read: a build by hand may name it.
    """
    name = os.path.basename(path)
    is_yaml = name.lower().endswith((".yml", ".yaml"))
    text = read_regular(path, limit=MAX_BYTES if is_yaml else _LARGEST)
    if isinstance(text, Refusal):
        return (refused_file(path, text) if is_yaml else None) or False
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", "replace").encode()
    if _SERVICES.search(text) and ((is_yaml and holds_services(text)) or _is_compose(text)):
        is_filled = is_template(text)
        return SkippedFile(path, "template", "it is a template") if is_filled else True
    if _DOCKERFILE.fullmatch(name) and _FROM.search(text):
        return SkippedFile(path, "other-name", "no build takes a file of this name by itself")
    return False


def _is_compose(text: bytes) -> bool:
    from tightship.frontends.compose.specification.kind import adds_settings
    from tightship.syntax.yaml.read import read

    if b"\0" in text:
        return False
    documents = read(Source("", text.decode("utf-8", "replace"))).documents
    return any(adds_settings([one]) for one in documents)


def link_out(path: str, start: str) -> SkippedFile | None:
    """Return a link to a folder outside of the repository, or of where a walk began."""
    from tightship.engine.disk.given import repository_of
    from tightship.engine.disk.root import holds, real_path

    top = repository_of(start) or start
    if not os.path.isdir(path) or holds(top, real_path(path)):
        return None
    return SkippedFile(path, "not-readable", "it is a link to a folder outside")


def is_dockerfile(files: Files, path: str) -> bool:
    """Return whether a named file with an unusual name is a Dockerfile."""
    if _DOCKERFILE_NAME.fullmatch(os.path.basename(path)):
        return True
    if path.endswith(_DOCUMENTS):
        return False
    source = files.read_dockerfile(path)
    return isinstance(source, Source) and _DOCKERFILE_START.match(source.text) is not None


def declares_containers(files: Files, path: str) -> bool:
    """Return whether a named file may declare containers, and is no Compose file."""
    from tightship.engine.plan.front_ends import front_ends_for

    source = files.read(path)
    return isinstance(source, Source) and bool(front_ends_for(source.name, source.text.encode()))
