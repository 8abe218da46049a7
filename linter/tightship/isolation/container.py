"""A container: its settings in effect, from its service and from its image."""

from __future__ import annotations

from tightship.isolation.buildable import Buildable
from tightship.isolation.capabilities import Capabilities
from tightship.isolation.command import commands_in, flags, script_flags
from tightship.isolation.limits import Limits
from tightship.isolation.namespaces import namespace
from tightship.isolation.ports import ports, reachable_ports
from tightship.isolation.security import Security
from tightship.lazy import TYPE_CHECKING, lazy_property
from tightship.model.setting import Pair, Setting
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint
    from tightship.images.facts import ImageFamily
    from tightship.images.needs import Needs
    from tightship.images.own_facts import OwnFacts
    from tightship.isolation.capabilities import AddedCapability
    from tightship.isolation.capability_holders import Hold
    from tightship.isolation.command import Flag
    from tightship.isolation.devices import Device, DeviceRule
    from tightship.isolation.lost_hardening import LostHardening
    from tightship.isolation.mounts import Mount
    from tightship.isolation.namespaces import Namespace
    from tightship.isolation.own_settings import OwnSetting
    from tightship.isolation.ports import Port
    from tightship.isolation.seccomp_profile import RejectedProfile, SeccompProfile
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.model.setting import EnvFile
    from tightship.values.image import Image

MOUNTING = ("volumes", "volumes_from", "configs", "secrets", "use_api_socket")
"""The keys of a service that may bring files of the host into its container."""

# The keys of a service that ask for devices of the host, apart from mounts.
ASKING_FOR_DEVICES = ("devices", "gpus", "deploy", "runtime")

# The longest chain of ``service:NAME`` that is followed.
_CHAIN = 20
_MOST_REACHED = 100


class Container(Buildable):
    """A container with the settings in effect: the subject of most rules.

    They account for absent keys, ``privileged``, namespaces of other services and the
    settings of the image.
    """

    def __init__(
        self,
        settings: ContainerSettings,
        stage: Stage | None = None,
        siblings: Mapping[str, Container] | None = None,
        facts: OwnFacts | None = None,
    ) -> None:
        """Stand for a container of a project.

        Args:
            settings: what files declare about it.
            stage: the stage that its image is built from, where that is known.
            siblings: the containers of the project, by the names of their services.
            facts: what is known in addition, by files of the user's own.

        """
        super().__init__(settings, stage)
        self.siblings: Mapping[str, Container] = {} if siblings is None else siblings
        self.facts = facts
        # What fixes ask: the same container, by the user's own facts, too.
        self.as_measured = self

    @property
    def container(self) -> Container:
        """Return itself, as each part of a container does."""
        return self

    @property
    def env_files(self) -> tuple[EnvFile, ...]:
        """Return the files of variables, the one that wins last."""
        return self.settings.env_files

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """Return the ``volumes`` entries in order."""
        return self.settings.volumes

    @lazy_property
    def privileged(self) -> Setting[bool]:
        """Return whether the container is privileged."""
        return self.flag("privileged")

    @property
    def read_only(self) -> Setting[bool]:
        """Return whether the root file system is read-only (default: it is not)."""
        return self.flag("read_only")

    @property
    def user(self) -> Setting[str]:
        """Return the user in Compose; the image decides where it is absent."""
        return self.text("user")

    @lazy_property
    def image(self) -> image.Image | None:
        """Return the reference of the image, if there is one."""
        source = self.text("image").source
        text = source.text if isinstance(source, ScalarValue) else ""
        return image.parse(text) if text else None

    @lazy_property
    def pulled_image(self) -> Image | None:
        """Return the reference of the image, if it is pulled.

        An image that a service of the project builds has a name, but comes from no
        registry.
        """
        if self.value("build") is not None or self.may_have("build"):
            return None
        if self.text("pull_policy").value in ("never", "build"):
            return None
        is_built = self.image is not None and image.tagged(self.image) in self.project.built
        return None if is_built else self.image

    @lazy_property
    def image_needs(self) -> Needs | None:
        """Return the needs of its image, where they are known."""
        from tightship.isolation.image_needs import image_needs  # only patches ask

        known = image_needs(self)
        if self.facts is None:
            return known
        from tightship.isolation.own_needs import own_needs  # few have any

        return own_needs(self, self.facts, known)

    def find_family(self, image: Image) -> ImageFamily | None:
        """Return the family of an image that its own one is, or is made of."""
        if self.facts is not None:
            return self.facts.find(image)
        from tightship.images.lookup import find

        return find(image)

    @lazy_property
    def own_settings(self) -> tuple[OwnSetting, ...]:
        """Return the settings that the project gives to a well-known image."""
        needs = self.image_needs
        if needs is None:
            return ()
        from tightship.isolation.own_settings import own_settings  # only patches ask

        return tuple(own_settings(self, needs))

    @lazy_property
    def software_words(self) -> frozenset[str]:
        """Return the words that may name the software that it runs."""
        from tightship.isolation.software import software_words  # only ports ask

        return software_words(self)

    @lazy_property
    def runs_windows(self) -> bool:
        """Return whether it surely runs Windows, by its platform, image or Dockerfile.

        Windows has no capabilities, no read-only root, no limit on processes and no
        setuid (moby 26.1.5, daemon/daemon_windows.go and daemon/oci_windows.go).
        """
        from tightship.values.image import names_windows

        platform = self.text("platform").value or ""
        if platform.lower().startswith("windows"):
            return True
        if self.stage is not None:
            return self.stage.system == "windows"
        image = self.pulled_image
        return image is not None and names_windows(image)

    @lazy_property
    def environment(self) -> dict[str, Pair]:
        """Return the variables by name.

        ``environment`` wins over ``env_file``, even without a value, and both win over
        the image.
        """
        files = (pair for file in self.env_files for pair in file.pairs())
        own = self.pairs("environment")
        return {pair.name: pair for pair in (*self.image_environment, *files, *own)}

    @property
    def image_environment(self) -> Iterator[Pair]:
        """Yield the variables of its image, as far as a Dockerfile shows them."""
        if self.stage is None:
            return
        for name, variable in self.stage.environment.items():
            value = variable.text if variable.decided else None
            span = variable.span or self.stage.span
            yield Pair(name, span, Setting(span, value, decided=variable.decided))

    @lazy_property
    def flags(self) -> list[Flag]:
        """Return the flags of its command.

        An ``entrypoint`` replaces both the ENTRYPOINT and the CMD of the image.
        """
        values = (self.value(key) for key in ("entrypoint", "command"))
        own = [f for value in values for line in commands_in(value) for f in flags(line)]
        stage = self.stage
        if stage is None or self.value("entrypoint") is not None:
            return own
        steps: list[Entrypoint | Cmd | None] = [stage.entrypoint]
        if self.value("command") is None:
            steps.append(stage.command)
        scripts = [script for step in steps if step for script in step.scripts]
        return [*script_flags(scripts), *own]

    @lazy_property
    def capabilities(self) -> Capabilities:
        """Return the capabilities."""
        return Capabilities(self.settings, self.privileged)

    @lazy_property
    def starts_as_root(self) -> bool | None:
        """Return whether its first process starts as root; ``None`` if that is unknown."""
        from tightship.isolation.first_user import starts_as_root  # few rules ask

        return starts_as_root(self)

    @lazy_property
    def capability_hold(self) -> Hold:
        """Return who in the container has its capabilities."""
        from tightship.isolation.capability_holders import hold_of  # few rules ask

        return hold_of(self)

    @property
    def held_capabilities(self) -> frozenset[str]:
        """Return the capabilities that its first process has, or may have."""
        held = self.capability_hold == "held"
        return self.capabilities.bounding if held else frozenset()

    @lazy_property
    def security(self) -> Security:
        """Return the security options."""
        return Security(self.settings)

    @lazy_property
    def seccomp_profile(self) -> SeccompProfile | RejectedProfile | None:
        """Return the seccomp profile that it names by a path, or why it is rejected.

        None without such a path, and for a file that is not read.
        """
        if not self.security.seccomp.value:
            return None
        from tightship.isolation.seccomp_profile import seccomp_profile  # few have any

        return seccomp_profile(self)

    @lazy_property
    def limits(self) -> Limits:
        """Return the control group limits."""
        return Limits(self.settings)

    @lazy_property
    def _namespaces(self) -> dict[str, Namespace]:
        return {}

    def namespace(self, kind: str) -> Namespace:
        """Return a namespace: pid, network, ipc, uts, user or cgroup."""
        if kind not in self._namespaces:
            self._namespaces[kind] = namespace(self.settings, kind)
        return self._namespaces[kind]

    def namespace_holder(self, kind: str) -> Container | None:
        """Return the container of the project whose namespace it has.

        That is itself, unless it has the namespace of another service; there is none
        where a chain of services leads out of the project.
        """
        one: Container | None = self
        for _ in range(_CHAIN):
            name = one.namespace(kind).service if one else None
            if name is None:
                return one
            one = self.siblings.get(name)
        return None

    def reached(self, *keys: str) -> tuple[Container, ...] | None:
        """Return the containers that get what an edit adds to these settings.

        Services without image and build run nothing, and are left out. ``None`` stands
        for too many.
        """
        names = self.editor.reached(keys)
        if len(names) > _MOST_REACHED:
            return None
        found = (self.siblings.get(name) for name in names if name != self.name)
        others = [one for one in found if one and (one.value("image") or one.value("build"))]
        return (self, *others)

    @lazy_property
    def networks(self) -> tuple[str, ...]:
        """Return the names of the networks that the service lists."""
        listed = self.value("networks")
        if isinstance(listed, MappingValue):
            return tuple(listed.entries)
        return tuple(i.value for i in self.texts("networks").items if i.value)

    @lazy_property
    def mounts(self) -> list[Mount]:
        """Return the mounts of the host."""
        if self.service_keys.isdisjoint(MOUNTING):
            return []
        from tightship.isolation.mounts import mounts  # many services have none

        return list(mounts(self))

    @lazy_property
    def devices(self) -> list[Device]:
        """Return the devices of the host."""
        if not self.mounts and self.service_keys.isdisjoint(ASKING_FOR_DEVICES):
            return []
        from tightship.isolation.devices import devices  # most services have none

        return list(devices(self))

    @lazy_property
    def device_rules(self) -> list[DeviceRule]:
        """Return the device rules."""
        if self.value("device_cgroup_rules") is None:
            return []
        from tightship.isolation.devices import device_rules  # few services have any

        return list(device_rules(self))

    @lazy_property
    def ports(self) -> list[Port]:
        """Return the ports that are published to the host."""
        return list(ports(self)) if "ports" in self.service_keys else []

    @lazy_property
    def reachable_ports(self) -> list[Port]:
        """Return the ports of its processes, or those of the service whose network it shares."""
        return reachable_ports(self)

    @lazy_property
    def lost_hardening(self) -> list[LostHardening]:
        """Return the hardening in the files that is not in effect."""
        if not self.project.is_layered:
            return []
        # Most projects have one layer.
        from tightship.isolation.lost_hardening import lost_hardening

        return lost_hardening(self)

    @lazy_property
    def grants(self) -> list[AddedCapability]:
        """Return the capabilities that are added."""
        return self.capabilities.grants(self)
