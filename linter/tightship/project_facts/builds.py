"""The facts about what a service builds."""

from __future__ import annotations

from tightship.model.build import BuildSection
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.tables import pairs, settings_table
from tightship.project_facts.values import (
    Facts,
    Scalar,
    scalar,
    setting,
    setting_texts,
    switch,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.project_facts.values import Items, Texts


def build(container: Container) -> Facts:
    """Return what a service builds, if it builds anything."""
    section = BuildSection.of(container.settings)
    if section is None:
        return Facts(BUILD, None, container.span, known=not container.may_have("build"))
    return Facts(BUILD, container, section.span)


def _context(container: Container) -> Scalar:
    section = BuildSection(container.settings)
    remote = section.remote
    return text(section.span, remote.text if remote is not None else section.context or ".")


def _dockerfile(container: Container) -> Scalar:
    section = BuildSection(container.settings)
    if section.inline is not None:
        return Scalar(section.inline.span)
    if section.remote is not None:  # the path is one of the repository there
        named = scalar(container.text("build", "dockerfile"))
        return named if named.value or not named.known else Scalar(named.span, "Dockerfile")
    return text(section.span, section.dockerfile)


def _arguments(container: Container) -> Items:
    found = container.pairs("build", "args")
    span = BuildSection(container.settings).span
    return pairs(span, found, whole=not container.may_have("build"), null=None)


def _secrets(container: Container) -> Texts:
    items = container.items("build", "secrets")
    found = [one.get("source") if isinstance(one, MappingValue) else one for one in items]
    names = [one.text for one in found if isinstance(one, ScalarValue) and one.decided]
    whole = len(names) == len(items) and not container.may_have("build")
    return texts(BuildSection(container.settings).span, names, whole=whole)


BUILD = Group(
    "build",
    "the build of an image by a service",
    {
        "context": Fact("text", "the folder or the URL", _context),
        "dockerfile": Fact(
            "text", "the path of the Dockerfile; absent if Compose has its text", _dockerfile
        ),
        "target": Fact("text", "the stage that is named", setting("build", "target")),
        "arguments": Fact("table", "the build arguments", _arguments, "entry"),
        "contexts": Fact(
            "table",
            "`additional_contexts`: folders, URLs and images by the names that replace a stage",
            settings_table("build", "additional_contexts"),
            "entry",
        ),
        "secrets": Fact("set", "the secrets that its steps may read", _secrets),
        "ssh": Fact("set", "the SSH agents and keys for its steps", setting_texts("build", "ssh")),
        "entitlements": Fact(
            "set", "the rights of the build", setting_texts("build", "entitlements")
        ),
        "privileged": Fact("flag", "whether steps run privileged", switch("build", "privileged")),
        "network": Fact("text", "the network of its steps", setting("build", "network")),
        "platforms": Fact("set", "the platforms", setting_texts("build", "platforms")),
    },
)
