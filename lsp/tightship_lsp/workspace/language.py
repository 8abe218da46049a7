"""The language of a document, by the editor's word for it, its name and its content."""

from __future__ import annotations

from tightship.engine.plan.candidates import language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.workspace.document import Document

# The words of editors for the languages: VS Code's, and those of Neovim and Helix.
COMPOSE = frozenset(("dockercompose", "docker-compose", "yaml.docker-compose"))
_DOCKERFILE = frozenset(("dockerfile", "containerfile"))


def language(document: Document) -> str | None:
    """Return the language of a document: ``compose``, ``dockerfile`` or None.

    A YAML document is Compose by its name, or by its content, as for a search on disk.
    """
    if document.language in COMPOSE:
        return "compose"
    if document.language in _DOCKERFILE:
        return "dockerfile"
    if document.language == "yaml" and (
        language_of(document.name) == "compose"
        or (document.name[:1] != "." and document.is_compose_by_content)
    ):
        return "compose"
    return None
