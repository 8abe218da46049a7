"""Values that Compose passes on as they are, and the Docker Engine checks.

Each function takes the text of a value and returns what to write in its place, or an
empty text if the engine takes it. Seen on Docker Engine 26.1.5 with Compose 2.26.1; the
sources are those of moby 26.1.5.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, LazyModule, regex
from tightship.values.image import is_registry, is_tag

if TYPE_CHECKING:
    from tightship.values import matching, process, quantity
else:
    # Most values are valid, and few files have signals and sizes.
    matching = LazyModule("tightship.values.matching")
    process = LazyModule("tightship.values.process")
    quantity = LazyModule("tightship.values.quantity")

_POLICIES = ("no", "always", "on-failure", "unless-stopped")
_CONDITIONS = ("none", "on-failure", "any")
_TAKEN_CONDITIONS = frozenset((*_POLICIES, "none", "any"))
# sethostname(2), __NEW_UTS_LEN.
_LONGEST_HOSTNAME = 64
_CPUS = regex(r"[0-9]{1,9}(?:-[0-9]{1,9})?")
_WINDOWS_PATH = regex(r"[A-Za-z]:[\\/]")
# A folder that a process has open, such as the runtime: one of the host.
_DESCRIPTOR = regex(r"/+(?:proc/+(?:self|thread-self|[0-9]+)|dev)/+fd/")
# distribution/reference, regexp.go.
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REPOSITORY = regex(rf"{_PART}(?:/{_PART})*")
_DIGEST = regex(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = regex(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
LOGGING_DRIVERS = (
    *("json-file", "local", "syslog", "journald", "gelf", "fluentd", "awslogs"),
    *("splunk", "gcplogs", "etwlogs", "none"),
)
"""The logging drivers that are a part of the engine."""

RUNTIMES = ("runc", "crun", "runsc", "sysbox-runc", "kata-runtime", "nvidia", "youki")
"""The names that the documentation of runtimes gives them."""

_MILLISECOND = 1_000_000  # in nanoseconds


def restart(text: str) -> str:
    """Check ``restart`` (api/types/container, ValidateRestartPolicy)."""
    name, colon, count = text.partition(":")
    if not text:
        return ""
    if name not in _POLICIES:
        meant = matching.closest(name, _POLICIES)
        if name.lower() in ("never", "false", "none"):
            meant = "no"
        return _one_of((meant,) if meant else _POLICIES)
    if not colon:
        return ""
    if name != "on-failure":
        return f"only `on-failure` takes a number; write `{name}`"
    return "write a number of restarts from 0 on" if count.startswith("-") else ""


def restart_condition(text: str) -> str:
    """Check ``deploy.restart_policy.condition``, which becomes a restart policy."""
    if not text or text in _TAKEN_CONDITIONS:
        return ""
    meant = matching.closest(text, _CONDITIONS)
    return _one_of((meant,) if meant else _CONDITIONS)


def stop_signal(text: str) -> str:
    """Check ``stop_signal``."""
    if not text or process.is_signal(text):
        return ""
    meant = matching.closest(text.upper(), process.SIGNALS)
    return _one_of((meant,)) if meant else "write a signal such as `SIGTERM`"


def isolation(text: str) -> str:
    """Check ``isolation``; an engine on Windows has two more modes."""
    if text.lower() in ("", "default", "process", "hyperv"):
        return ""
    return "remove it, or write `default`"


def working_dir(text: str) -> str:
    """Check ``working_dir``; an engine on Windows has paths with a drive."""
    if "/fd/" in text and _DESCRIPTOR.match(text):
        return (
            "name a folder of the image: runc rejects a file descriptor from 1.1.12 on, and"
            " earlier releases may start in a folder of the host (CVE-2024-21626)"
        )
    if not text or text.startswith(("/", "\\")) or _WINDOWS_PATH.match(text):
        return ""
    return "write a path that begins with `/`"


def hostname(text: str) -> str:
    """Check the length of ``hostname``: the kernel has no other condition."""
    if len(text.encode("utf-8", "surrogatepass")) <= _LONGEST_HOSTNAME:
        return ""
    return f"write at most {_LONGEST_HOSTNAME} characters"


def cpuset(text: str) -> str:
    """Check the form of ``cpuset``; the host decides how many processors there are."""
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        if not _CPUS.fullmatch(part) or (last and int(last) < int(first)):
            return "write numbers of processors, such as `0-2,4`"
    return ""


def platform(text: str) -> str:
    """Check the form of ``platform`` (containerd, platforms.Parse)."""
    if not text or "*" in text or "(" in text:
        return ""
    if text.count("/") > 2 or not all(text.split("/")):
        return "write an operating system and an architecture: `linux/amd64`"
    return ""


def image(text: str) -> str:
    """Check the form of an image's name (distribution/reference)."""
    if not text or text.startswith(("sha256:", "docker-image://")):
        return ""
    name, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return "write the digest as `@sha256:` and 64 hexadecimal digits"
    slash = name.rfind("/")
    colon = name.find(":", slash + 1)
    if colon >= 0:
        if not is_tag(name[colon + 1 :]):
            return "write a tag of letters, digits, `.`, `_` and `-`"
        name = name[:colon]
    first, found, rest = name.partition("/")
    if found and is_registry(first):
        if not _REGISTRY.fullmatch(first):
            return "write a registry without a scheme, such as `ghcr.io/owner/name`"
        name = rest
    is_word = name.isascii() and name.isalnum()  # as the images of Docker are
    if (is_word and name == name.lower()) or _REPOSITORY.fullmatch(name):
        return ""
    if _REPOSITORY.fullmatch(name.lower()):
        return f"write the name in lower case: `{name.lower()}`"
    return "write a name such as `registry/name:tag`"


def address(text: str) -> str:
    """Check an IP address, as ``dns`` takes it."""
    return "" if not text or is_address(text) else "write an IP address"


def exposed(text: str) -> str:
    """Check a port of ``--expose`` (docker/cli, cli/command/container/opts.go)."""
    return "write the port of the container alone" if ":" in text else ""


def host_address(text: str) -> str:
    """Check the address of an entry of ``extra_hosts``."""
    if text == "host-gateway" or is_address(text):
        return ""
    meant = matching.closest(text, ("host-gateway",))
    return f"write `{meant}`" if meant else "write an IP address, or `host-gateway`"


def is_address(text: str) -> bool:
    """Return whether a text is an IP address; it may be in brackets."""
    import ipaddress

    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        ipaddress.ip_address(inner)
    except ValueError:
        return False
    return True


def interval(text: str) -> str:
    """Check a duration of ``healthcheck`` (daemon, validateHealthCheck)."""
    from tightship.values.quantity import nanoseconds

    known = nanoseconds(text)
    if known is None or known == 0 or known >= _MILLISECOND:
        return ""
    return "write at least `1ms`, or `0s` for the default"


def permissions(text: str) -> str:
    """Check the permissions of a device: runc drops other letters than these."""
    return "" if set("rwm").intersection(text) else "write letters of `rwm`"


_LOG_OPTIONS = {
    "json-file": frozenset(
        ["compress", "env", "env-regex", "labels", "labels-regex", "max-file", "max-size", "tag"]
    ),
    "local": frozenset(("compress", "max-file", "max-size")),
}
_LOG_MODES = ("blocking", "non-blocking")
_OF_ALL_DRIVERS = ("mode", "max-buffer-size")


def log_option(driver: str, name: str, text: str) -> str:
    """Check an option of the drivers `json-file` and `local`, and those of all drivers.

    The driver is empty where the daemon's default is used (daemon/logger/factory.go,
    jsonfilelog.go, local.go).
    """
    if name == "mode":
        return "" if text in ("", *_LOG_MODES) else _one_of(_LOG_MODES)
    known = _LOG_OPTIONS.get(driver or "json-file")
    if known is None or name.startswith("cache-") or name in _OF_ALL_DRIVERS:
        return ""
    if name not in known:
        nearly = matching.closest(name, known)
        if driver != "json-file" and not (driver and nearly):
            return ""
        return (
            f"the driver has no such option; write `{nearly}`"
            if nearly
            else ("the driver has no such option; remove it")
        )
    if name == "max-size":
        return "" if quantity.parse_bytes(text) else "write a size such as `10m`"
    if name == "max-file":
        return "" if text.isdigit() and int(text) > 0 else "write a number from 1 on"
    return ""


def meant(text: str, names: tuple[str, ...]) -> str:
    """Return the known name that a text nearly is, or an empty text."""
    return matching.closest(text, names) or "" if text and text not in names else ""


def _one_of(choices: tuple[str, ...]) -> str:
    return f"write `{'`, `'.join(choices)}`"
