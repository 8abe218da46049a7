"""From what a user asks for to a copy that can be started: Compose, images, free subnets."""

from __future__ import annotations

import json
import os
from ipaddress import IPv4Network
from itertools import islice
from secrets import randbelow, token_hex

from tightship.lazy import Record
from tightship_annexes.trial import items, mapping
from tightship_annexes.trial.bounds import bounds
from tightship_annexes.trial.cleaning import from_kernel, own_label
from tightship_annexes.trial.copy import Choices, Image, copied
from tightship_annexes.trial.danger import by_files, by_profile, by_variables
from tightship_annexes.trial.engine import EngineError
from tightship_annexes.trial.masking import masks
from tightship_annexes.trial.sources import Sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.isolation.loaded_project import LoadedProject
    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.copy import ProjectCopy
    from tightship_annexes.trial.danger import Danger
    from tightship_annexes.trial.engine import Engine
    from tightship_annexes.trial.probes import Probe


_PULL_SECONDS, _BUILD_SECONDS = 1800, 3600


class Asked(Record):
    """What a user asks to try.

    ``files`` are the Compose files, ``folder`` is where their relative paths start, ``root`` the
    folder of the project, and ``loaded`` its model. ``options`` are further ones of Compose.
    ``env_files`` are those in place of `.env`, and ``probes`` those of the configuration.
    """

    loaded: LoadedProject
    files: Sequence[str]
    folder: str
    root: str
    services: Sequence[str] = ()
    allowed: frozenset[str] = frozenset()
    options: Sequence[str] = ()
    env_files: Sequence[str] = ()
    probes: Sequence[Probe] = ()
    pulls: bool = False
    builds: bool = False
    has_network: bool = False
    takes_data: bool = False


class RefusedError(Exception):
    """Compose must not even read the project; the dangers say why."""

    def __init__(self, dangers: Sequence[Danger]) -> None:
        super().__init__("; ".join(one.text for one in dangers))
        self.dangers = dangers


class Prepared:
    """A project that can be started; ``copy`` is what would be, with the images that are there.

    Nothing is started, pulled or built before :meth:`complete`.
    """

    def __init__(self, engine: Engine, asked: Asked) -> None:
        """Let Compose resolve the project.

        Raises:
            EngineError: no engine answers, or Compose rejects the project.
            RefusedError: Compose would read files outside of the project.

        """
        self._engine, self._asked = engine, asked
        self._source = Sources(asked.root)
        found = [*by_variables(asked.folder, self._source)]
        found += [d for c in asked.loaded.containers for d in by_files(c, self._source, asked.root)]
        if refused := [one for one in found if one.word not in asked.allowed]:
            raise RefusedError(refused)
        self.config: Tree = {}
        self._mask({})
        self.config = resolved(engine, asked)
        self.label, self.name = own_label(), f"tightship-try-{token_hex(5)}"
        self.copy = self._copied(images(engine, self.config, self._names))
        self._mask(self.copy.images)

    def limit_to(self, services: Sequence[str]) -> None:
        """Start only some of the services, and what they need; what is left out stays so."""
        left_out = (one.service for one in self.copy.left_out)
        self._asked = self._asked.replaced(services=[*services, *left_out])
        self.copy = self._copied(self.copy.images)

    @property
    def probes(self) -> list[Probe]:
        """Return the probes of the configuration for services that are tried.

        Raises:
            EngineError: the image of one is not there.

        """
        found = [one for one in self._asked.probes if one.service in self.copy.services]
        for name in {one.image for one in found if one.image}:
            if _image(self._engine, name) is None:
                text = f"`{name}`, the image of a probe, is not on this engine"
                raise EngineError(f"{text}: pull it with `docker pull`")
        return found

    @property
    def missing(self) -> list[str]:
        """Return the images that `--pull` gets: those of services that are started."""
        services: Tree = self.copy.config["services"]
        found = (one for name, one in services.items() if name not in self.copy.images)
        return [*dict.fromkeys(one["image"] for one in found if "build" not in one)]

    def complete(self, say: Callable[[str], None]) -> ProjectCopy:
        """Pull and build what is asked for, and return the copy with all images.

        Raises:
            EngineError: an image cannot be pulled or built.

        """
        missing = self.missing
        for name in missing:
            say(f"pulling {name}")
            self._engine.asked("pull", "-q", "--", name, timeout=_PULL_SECONDS)
        built = {n: s for n, s in self.copy.config["services"].items() if s.get("build")}
        if built:
            say(f"building {', '.join(built)}")
            self._build(self.copy.config)
        if missing or built:
            found = images(self._engine, self.config, self._names)
            names = {name: {"image": one["image"]} for name, one in built.items()}
            found |= images(self._engine, {"services": names}, names)
            self._mask(found)
            self.copy = self._copied(found, is_complete=True)
        return self.copy

    def _mask(self, found: Mapping[str, Image]) -> None:
        """Hide from now on the values of the project and the secrets of its images."""
        images = [value for one in found.values() for value in one.environment]
        texts = [one.text for one in self._asked.loaded.sources]
        env_files = self._asked.env_files or [os.path.join(self._asked.folder, ".env")]
        self._engine.masks = masks(texts, env_files, self.config, images)

    @property
    def _names(self) -> Iterable[str]:
        return mapping(self.config, "services")

    def _copied(self, found: Mapping[str, Image], *, is_complete: bool = False) -> ProjectCopy:
        asked, networks = self._asked, mapping(self.config, "networks")
        known = [d for one in asked.loaded.profiles() for d in by_profile(one)]
        # Podman 5.4.2 ignores the options of a network without a way out.
        count = 0 if asked.has_network or self._engine.is_podman else len(networks) + 1
        volumes = self._engine.asked("volume", "ls", "-q").split() if asked.takes_data else ()
        choices = Choices(
            self.name,
            self.label,
            self._source,
            services=asked.services,
            images=found,
            subnets=free_subnets(count, taken(self._engine)),
            allowed=asked.allowed,
            has_network=asked.has_network,
            pulls=asked.pulls and not is_complete,
            builds=asked.builds and not is_complete,
            data=frozenset(volumes),
            dangers=known,
            bounds=bounds(self._engine.info),
        )
        return copied(self.config, choices)

    def _build(self, config: Tree) -> None:
        text = json.dumps(config).encode()
        project = ("-p", self.name, "--project-directory", self._asked.folder)
        words = (*project, "--env-file", os.devnull, "-f", "-", "build", "-q")
        done = self._engine.compose(*words, stdin=text, timeout=_BUILD_SECONDS)
        if not done.is_done:
            raise EngineError(f"the build failed: {done.reason}")


def resolved(engine: Engine, asked: Asked) -> Tree:
    """Return the configuration of a project, by `docker compose config`.

    Raises:
        EngineError: Compose rejects the project.

    """
    named = [word for file in asked.files for word in ("-f", file)]
    options = ("--project-directory", asked.folder, *asked.options)
    done = engine.compose(*named, *options, "config", "--format", "json")
    if not done.is_done:
        raise EngineError(f"Compose rejects the project: {done.reason}")
    try:
        found: Tree = json.loads(done.out)
    except (ValueError, RecursionError):
        raise EngineError("the configuration that Compose prints is too large to read") from None
    return found


def images(engine: Engine, config: Tree, services: Iterable[str]) -> dict[str, Image]:
    """Return the images of services that the engine has, by service."""
    found: dict[str, Image] = {}
    for service in services:
        name = config["services"][service].get("image") or f"{config['name']}-{service}"
        if image := _image(engine, name):
            found[service] = image
    return found


def _image(engine: Engine, name: str) -> Image | None:
    done = engine.docker("image", "inspect", "--format", "{{json .}}", "--", name)
    if not done.is_done:
        return None
    given: Tree = json.loads(done.out)
    config: Tree = mapping(given, "Config")
    health, environment = config.get("Healthcheck"), [*items(config, "Env")]
    return Image(name, given["Id"], [*items(config, "Volumes")], health, environment)


# First the part of the private ranges that engines do not take by themselves, and few networks
# use. A virtual private network often has all of 10.0.0.0/8.
_RANGES = tuple(map(IPv4Network, ("10.192.0.0/10", "172.16.0.0/12", "192.168.0.0/16")))


def free_subnets(
    count: int, taken: Iterable[IPv4Network], number: Callable[[int], int] = randbelow
) -> list[str]:
    """Return subnets of 256 addresses that overlap with none that is taken.

    Two runs at the same time choose others, very likely: the place is random.

    Raises:
        EngineError: there are too few.

    """
    used = [*taken]
    free = (one for one in _subnets(number) if not any(map(one.overlaps, used)))
    found = [str(one) for one in islice(free, count)]
    if len(found) < count:
        raise EngineError("no private subnet is free: remove networks, or add `--network`")
    return found


def _subnets(number: Callable[[int], int]) -> Iterator[IPv4Network]:
    """Yield the subnets of each range, from a random one on."""
    for whole in _RANGES:
        count = 1 << (24 - whole.prefixlen)
        first = number(count)
        for step in range(count):
            yield IPv4Network((int(whole[0]) + ((first + step) % count << 8), 24))


def taken(engine: Engine) -> Iterator[IPv4Network]:
    """Yield the subnets of the engine's networks, and of this machine's routes."""
    names = engine.asked("network", "ls", "-q").split()
    done = engine.docker("network", "inspect", *names, "--format", "{{json .IPAM.Config}}")
    for line in done.out.splitlines():
        for one in json.loads(line) or ():
            if ":" not in one.get("Subnet", ":"):
                yield IPv4Network(one["Subnet"], strict=False)
    yield from _routes()


def _routes() -> Iterator[IPv4Network]:
    for line in from_kernel("/proc/net/route").splitlines()[1:]:
        fields = line.split()
        address, mask = (int.from_bytes(bytes.fromhex(fields[one]), "little") for one in (1, 7))
        if mask:
            yield IPv4Network((address, mask.bit_count()))
