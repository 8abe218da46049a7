"""The facts about an image: its reference in parts, as Docker reads it."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Scalar, argument, begins, text
from tightship.values import image as references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.image_reference import ImageReference
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.text import Span
    from tightship.values.image import Image

_HUB = "docker.io"
_USES = {"FROM": "from", "COPY --from": "copy", "RUN --mount": "mount"}
# With these, Compose builds an image, and does not ask a registry for it.
_ONLY_BUILT = frozenset(("build", "never"))


class ImageUse(Record):
    """A reference to an image, and what it is used for."""

    use: str
    image: Image
    written: Scalar
    platform: Scalar

    @property
    def span(self) -> Span:
        """Return the place of the reference."""
        return self.written.span


def of_service(container: Container) -> ImageUse | None:
    """Return the image of a service, if it names one."""
    image = container.image
    setting = container.text("image")
    source = setting.source
    if image is None or source is None:
        return None
    written = text(setting.span, getattr(source, "text", ""))
    platform = container.text("platform")
    known = Scalar(platform.span, platform.value, known=platform.decided)
    return ImageUse("service", image, written, known)


def of_reference(found: ImageReference) -> ImageUse:
    """Return the image that an instruction of a Dockerfile names."""
    platform = argument(found.stage.platform if found.kind == "FROM" else None, found.span)
    written = argument(found.argument, found.span)
    return ImageUse(_USES[found.kind], found.image, written, platform)


def image_uses(loaded: LoadedProject) -> Iterator[ImageUse]:
    """Yield each use of an image that a registry gives, each place once.

    The name of an image that is built is none, unless Compose pulls it first: it does with
    `pull_policy: always` or `missing` (Compose Specification, build).
    """
    for container in loaded.containers:
        use = of_service(container)
        if use is not None and not _is_only_built(container):
            yield use
    seen = set[object]()
    for build in loaded.built.builds if loaded.built is not None else ():
        for use in _of_build(build):
            key = (use.span, use.written.value, use.platform.value)
            if key not in seen:
                seen.add(key)
                yield use


def _is_only_built(container: Container) -> bool:
    if container.value("build") is None:
        return False
    policy = container.text("pull_policy")
    return policy.decided and (policy.value or "build") in _ONLY_BUILT


def _of_build(build: Build) -> Iterator[ImageUse]:
    directive = build.file.directive("syntax")
    passed = build.build_args.get("BUILDKIT_SYNTAX")
    if passed is not None and passed.span is not None:
        written = text(passed.span, passed.text or "${BUILDKIT_SYNTAX}")
    elif directive is not None:
        written = text(directive.value.span, directive.value.value)
    else:
        written = None
    if written is not None and written.value != "":
        # Options of the frontend may follow the image.
        name = str(written.value or written.beginning).partition(" ")[0]
        known = Scalar(written.span, name) if written.known else written
        parsed = name if written.known else f"{name}${{X}}"
        yield ImageUse("syntax", references.parse(parsed), known, Scalar(written.span))
    for stage in build.stages:
        for found in stage.references:
            yield of_reference(found)


def _registry(use: ImageUse) -> Scalar:
    if "registry" in use.image.undecided:
        return Scalar(use.span, None, known=False)
    registry = use.image.registry
    is_hub = registry is None or registry in ("", "index.docker.io")
    return Scalar(use.span, _HUB if is_hub else registry)


def _name(use: ImageUse) -> Scalar:
    if "registry" in use.image.undecided:
        return Scalar(use.span, None, known=False)
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
            " (`RUN --mount=from`) or `syntax` (the frontend of a build)",
            lambda use: Scalar(use.span, use.use),
        ),
        "reference": Fact("text", "the reference as it is written", lambda use: use.written),
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
    },
)
