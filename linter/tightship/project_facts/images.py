"""The facts about an image, its reference in parts, as Docker reads it, and about its build."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.build import BuildSection
from tightship.model.items import hooks
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.tables import pairs, settings_table, written
from tightship.project_facts.values import (
    Fact,
    Facts,
    Group,
    Scalar,
    argument,
    begins,
    scalar,
    setting,
    setting_texts,
    switch,
    text,
    texts,
    unknown,
)
from tightship.text import Span
from tightship.values import image as references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.image_reference import ImageReference
    from tightship.isolation.container import Container
    from tightship.project_facts.values import Items, Texts
    from tightship.values.image import Image


_HUB = "docker.io"
_USES = {"FROM": "from", "COPY --from": "copy", "RUN --mount": "mount"}
_CONTEXT = "docker-image://"
_WITH_CHECK = frozenset(("kong", "plone"))
# With these, Compose asks no registry for the name of an image that it builds.
_ONLY_BUILT = frozenset(("build", "never"))


# BuildKit takes the frontend from such comments, too (frontend/dockerfile/parser/directives.go).
_SLASHES = regex(r"(?i)(?:#!.*\n)?(?:[ \t]*//.*\n){0,100}?[ \t]*//[ \t]*syntax[ \t]*=[ \t]*(\S+)")


class ImageUse(Record):
    """A reference to an image, and what it is used for; a service may build it as well.

    ``container`` is that of a service that has the reference, if it is in no Dockerfile.
    """

    use: str
    image: Image
    reference: Scalar
    platform: Scalar
    is_built: bool = False
    container: Container | None = None

    @property
    def span(self) -> Span:
        """Return the place of the reference."""
        return self.reference.span


def of_service(container: Container) -> ImageUse | None:
    """Return the image of a service, if it names one."""
    image = container.image
    setting = container.text("image")
    source = setting.source
    if image is None or source is None:
        return None
    reference = text(setting.span, getattr(source, "text", ""))
    is_built = container.value("build") is not None
    platform = scalar(container.text("platform"))
    return ImageUse("service", image, reference, platform, is_built, container)


def of_reference(found: ImageReference) -> ImageUse:
    """Return the image that an instruction of a Dockerfile names."""
    platform = argument(found.stage.platform if found.kind == "FROM" else None, found.span)
    reference = argument(found.argument, found.span)
    return ImageUse(_USES[found.kind], found.image, reference, platform)


def image_uses(containers: Iterable[Container], builds: Iterable[Build]) -> Iterator[ImageUse]:
    """Yield each use of an image that a registry gives, each place once.

    An image that a service builds is pulled first, if the engine has none of its name:
    all but `pull_policy: build` and `never` (docker/compose 2.26.1, pkg/compose/pull.go,
    pullRequiredImages).
    """
    for container in containers:
        for use in _of_container(container):
            yield use if use.container is not None else use.replaced(container=container)
    seen = set[object]()
    for build in builds:
        for use in _of_build(build):
            key = (use.span, use.reference.value, use.platform.value)
            if key not in seen:
                seen.add(key)
                yield use


def _of_container(container: Container) -> Iterator[ImageUse]:
    use = of_service(container)
    if use is not None and not (use.is_built and _is_only_built(container)):
        yield use
    for volume in container.volumes:
        if volume.kind == "image":
            yield _named("volume", volume.place, volume.source or "")
    for hook in hooks(container.settings):
        leaf = hook.table.get("image")
        if isinstance(leaf, ScalarValue) and leaf.text:
            yield _named("hook", leaf.span, leaf.text)
    for pair in container.pairs("build", "additional_contexts"):
        context = written(pair)
        if context.startswith(_CONTEXT) or begins(context) == "":
            yield _named("context", pair.value.span, context.removeprefix(_CONTEXT))
    if builds_unseen(container):
        yield _named("from", container.span, "${X}")


def has_no_check(image: Image | None) -> bool:
    """Return whether an image has no HEALTHCHECK, as nearly all official ones.

    Source: docker-library/faq, HEALTHCHECK; Kong/docker-kong and plone/plone.docker have one.
    """
    if image is None or image.undecided & {"registry", "repository"}:
        return False
    return image.familiar in references.OFFICIAL_IMAGES - _WITH_CHECK


def builds_unseen(container: Container) -> bool:
    """Return whether a service builds, or may build, by a Dockerfile that nobody has read."""
    builds = container.value("build") is not None or container.may_have("build")
    return builds and container.stage is None


def _named(use: str, span: Span, name: str) -> ImageUse:
    return ImageUse(use, references.parse(name), text(span, name), Scalar(span))


def _is_only_built(container: Container) -> bool:
    policy = container.text("pull_policy")
    return policy.decided and policy.value in _ONLY_BUILT


def _of_build(build: Build) -> Iterator[ImageUse]:
    directive = build.file.directive("syntax")
    passed = build.build_args.get("BUILDKIT_SYNTAX")
    if passed is not None and passed.span is not None:
        yield from _frontend(passed.span, passed.text or "${BUILDKIT_SYNTAX}")
    elif directive is not None:
        yield from _frontend(directive.value.span, directive.value.value)
    elif (other := _SLASHES.match(build.file.source.text)) is not None:
        yield from _frontend(Span(build.file.source, *other.span(1)), other[1])
    for stage in (each for one in build.stages for each in one.presented):
        for found in stage.references:
            yield of_reference(found)


def _frontend(span: Span, line: str) -> Iterator[ImageUse]:
    """Yield the image of a frontend; options may follow it."""
    name = line.partition(" ")[0]
    if name:
        yield _named("syntax", span, name)


def _registry(use: ImageUse) -> Scalar:
    if "registry" in use.image.undecided:
        return unknown(use.span)
    registry = use.image.registry
    is_hub = registry is None or registry in ("", "index.docker.io")
    return Scalar(use.span, _HUB if is_hub else registry)


def _name(use: ImageUse) -> Scalar:
    if "registry" in use.image.undecided:
        return unknown(use.span)
    return text(use.span, use.image.familiar)


def _part(use: ImageUse, part: str, written: str | None) -> Scalar:
    if part in use.image.undecided:
        return Scalar(use.span, None, known=False, beginning=begins(written or ""))
    return Scalar(use.span, written)


def _familiar(use: ImageUse) -> Scalar:
    name, tag = _name(use), _part(use, "tag", use.image.tag)
    if not name.known:
        return name
    if not tag.known:
        return Scalar(use.span, None, known=False, beginning=f"{name.value}:{tag.beginning}")
    return Scalar(use.span, f"{name.value}:{tag.value or 'latest'}")


IMAGE = Group(
    "image",
    "an image that is used",
    {
        "use": Fact(
            "text",
            "how it is used: `service`, `from`, `copy` (`COPY --from`), `mount`"
            " (`RUN --mount=from`), `syntax` (the frontend of a build), `context`"
            " (`additional_contexts`), `volume` (of `type: image`) or `hook`",
            lambda use: Scalar(use.span, use.use),
            words="service from copy mount syntax context volume hook",
        ),
        "reference": Fact("text", "the reference as it is written", lambda use: use.reference),
        "registry": Fact("text", "the registry; `docker.io` without one", _registry),
        "name": Fact(
            "text",
            "registry and repository as people write them: `nginx`, `bitnami/nginx`,"
            " `ghcr.io/example/app`",
            _name,
        ),
        "tag": Fact("text", "the tag", lambda use: _part(use, "tag", use.image.tag)),
        "digest": Fact("text", "the digest", lambda use: _part(use, "digest", use.image.digest)),
        "familiar": Fact(
            "text", "name and tag, `latest` without one: `nginx:1.29`, `nginx:latest`", _familiar
        ),
        "platform": Fact(
            "text", "the platform that is asked for: `--platform` of FROM", lambda use: use.platform
        ),
        "built": Fact(
            "flag",
            "whether the service that names it builds it; Compose then pulls it only if the"
            " engine has no image of its name",
            lambda use: Scalar(use.span, use.is_built),
        ),
    },
)


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
