"""Graphics processors and other devices that a container asks for by name, not by path.

A program of the host adds the device files and the driver's libraries: the engine by the
Container Device Interface (CDI), or a hook of the NVIDIA Container Toolkit, which runs as
root and reads variables of the container (Docker documentation, CDI and GPUs; NVIDIA
Container Toolkit, Environment variables).
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import devices as mapped_devices
from tightship.model.value import MappingValue, ScalarValue, SequenceValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.value import Value

VISIBLE = "NVIDIA_VISIBLE_DEVICES"
_NO_DEVICES = ("", "void", "none")


class Request(Record):
    """A request for devices: the ``value`` that asks for them, and its words, ``text``."""

    value: Value
    text: str
    is_gpu: bool


def requests(container: Container) -> Iterator[Request]:
    """Yield the requests of a container that are certain."""
    for mapped in mapped_devices(container.settings):
        source = mapped.device.source
        if mapped.device.is_cdi and "source" not in mapped.device.undecided:
            kind = source.partition("=")[0].rpartition("/")[2]
            yield Request(mapped.value, source, is_gpu="gpu" in kind)
    gpus = container.value("gpus")
    if isinstance(gpus, ScalarValue) and gpus.decided and not gpus.is_null:
        yield Request(gpus, f"gpus: {gpus.text}", is_gpu=True)
    else:
        for item in container.items("gpus"):
            yield Request(item, "gpus", is_gpu=True)
    for item in container.items("deploy", "resources", "reservations", "devices"):
        wanted = item.get("capabilities") if isinstance(item, MappingValue) else None
        if isinstance(wanted, SequenceValue):
            names = [one.text for one in wanted.items if isinstance(one, ScalarValue)]
            shown = "gpu" if "gpu" in names else ", ".join(names)
            yield Request(wanted, f"capabilities: [{shown}]", is_gpu=shown == "gpu")
    runtime = container.value("runtime")
    if isinstance(runtime, ScalarValue) and runtime.decided and runtime.text == "nvidia":
        visible = container.environment.get(VISIBLE)
        # Without the variable, the image decides.
        if visible is not None and visible.value.value not in (None, *_NO_DEVICES):
            yield Request(runtime, "runtime: nvidia", is_gpu=True)


def hook_note(container: Container) -> str:
    """Return what makes a GPU more dangerous, as a clause for a message, or nothing.

    Hooks of the NVIDIA Container Toolkit before 1.17.8 run with the variables of the
    container, so that root of the host loads a library of the image (CVE-2025-23266).
    """
    found = container.environment

    def text(name: str) -> str:
        pair = found.get(name)
        return (pair.value.value or "") if pair is not None else ""

    notes: list[str] = []
    if "all" in text("NVIDIA_DRIVER_CAPABILITIES").split(","):
        notes.append("`NVIDIA_DRIVER_CAPABILITIES` adds every part of the driver, with displays")
    if text("LD_PRELOAD"):
        notes.append(
            "hooks of NVIDIA Container Toolkit before 1.17.8 load the library of"
            " `LD_PRELOAD` as root of the host"
        )
    return "".join(f"; {note}" for note in notes)
