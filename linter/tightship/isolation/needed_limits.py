"""The limits under which a container surely starts, from its image and its settings."""

from __future__ import annotations

from tightship.isolation.command import commands_in
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.value import ScalarValue
from tightship.values.quantity import parse_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.images.facts import Heap
    from tightship.images.needs import Needs
    from tightship.isolation.container import Container
    from tightship.isolation.own_settings import OwnSetting

_MEGABYTE = 1 << 20
# A limit is there to stop a leak, not to be tight: that is a multiple of the memory with
# which the image starts and answers, and with which it works under a load.
_ROOM = 8
_LEAST = 256 * _MEGABYTE
# Classes, compiled code, threads, buffers and the collector, however small the heap is: twice a
# heap of 100 MB is too little for Elasticsearch.
_BESIDE_HEAP, _OF_JAVA = 384 * _MEGABYTE, "-Xmx"
# Podman gives this limit to every container (containers/common, pids_limit). Many servers
# start a thread for each processor, so that what one machine needs says little of another.
_PROCESSES, _TIMES_SEEN = 2048, 4
OF_EVERY_JVM = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
"""The variables with options that every Java virtual machine reads."""
_JAVA_VARIABLES = (
    *OF_EVERY_JVM,
    *("JAVA_OPTS", "CATALINA_OPTS", "ES_JAVA_OPTS", "KAFKA_HEAP_OPTS"),
)
_SIZE = regex(r"(\d+)([kmgtKMGT]?)[bB]?")


def memory_limit(containers: Sequence[Container]) -> str | None:
    """Return a memory limit, such as ``512m``, or nothing where no number is known.

    Several containers share the settings to which the limit is added.
    """
    needed = [_memory(container) for container in containers]
    return None if None in needed else _rounded(max(filter(None, needed)))


def _memory(container: Container) -> int | None:
    """Return the bytes that a container needs with some room, where they are known."""
    needs = container.image_needs
    if needs is None:
        return None
    needed: list[int] = []
    memory = needs.memory
    is_bounded = memory is not None and not memory.grows and memory.load != ""
    if is_bounded and filling_setting(container, needs) is not None:
        return None
    if memory is not None and memory.limit is not None:
        needed.append(parse_bytes(memory.limit) or 0)
    elif memory is not None and memory.floor is not None:
        busy = 2 * (parse_bytes(memory.busy) or 0) if memory.busy else 0
        needed.append(max(_LEAST, busy, _ROOM * (parse_bytes(memory.floor) or 0)))
    for heap in needs.heaps:
        size = heap_size(needs, heap) or _configured(container, needs, heap)
        if size == 0:
            continue
        if size is None:
            return None
        needed.append(_with_rest(size, heap.times, heap.flag, heap.variable))
        is_bounded = True
    if not needed or not is_bounded:
        return None
    shared = container.value("shm_size")
    if isinstance(shared, ScalarValue):
        size = parse_bytes(shared.content or "") if shared.decided else None
        if size is None:
            return None
        # What is in /dev/shm counts as memory of the container.
        needed.append(max(needed) + size)
    return max(needed)


def beside_heap(size: int) -> int:
    """Return the bytes that a Java virtual machine needs beside a heap, for itself and its threads."""
    return max(size // 2, _BESIDE_HEAP)


def _with_rest(size: int, times: float, flag: str, setting: str) -> int:
    """Return the bytes of a heap with what is beside it."""
    is_java = flag == _OF_JAVA or "heap" in setting.lower()
    return max(int(size * times), size + beside_heap(size) if is_java else 0)


def filling_setting(container: Container, needs: Needs) -> OwnSetting | None:
    """Return the setting by which scratch files grow with what clients send or get.

    In a ``tmpfs``, they are memory of the container. A file that is not read may hold one.
    """
    from tightship.images.written_settings import settings_of

    known = settings_of(needs.family.programs)
    if not known.fills or not needs.family.names:
        return None
    for setting in container.own_settings:
        if setting.name in known.fills or (setting.in_file and setting.value is None):
            return setting
    return None


def _configured(container: Container, needs: Needs, heap: Heap) -> int | None:
    """Return the size that a configuration file gives to the heap, in bytes.

    It is 0 where none does, and ``None`` where a file is not read.
    """
    if heap_size(needs, heap) is None:
        return None
    if heap.variable or not needs.family.names:
        return 0

    from tightship.isolation.own_settings import SCRIPT

    name, found = heap.flag.lstrip("-").replace("_", "-"), 0
    for setting in container.own_settings:
        if not setting.in_file or setting.name == SCRIPT:
            continue
        if setting.value is None:
            return None
        if setting.name == name:
            size = _size(setting.value.strip(" \t'\""), heap)
            if size is None:
                return None
            found = max(found, size)
    return found


def process_limit(containers: Sequence[Container]) -> str | None:
    """Return a limit of processes and threads, or nothing for unknown images."""
    needs = [container.image_needs for container in containers]
    if any(one is None or not one.runs_the_image for one in needs):
        return None
    seen = [one.memory.processes or 0 for one in needs if one is not None and one.memory]
    most = max(_PROCESSES, _TIMES_SEEN * max(seen, default=0))
    return str(1 << (most - 1).bit_length())


class AskedHeap(Record):
    """A heap that a setting asks for: ``size`` in bytes, ``text`` as it is written.

    ``limit`` is a memory limit that leaves room for it.
    """

    setting: str
    text: str
    size: int
    limit: str


def asked_heap(container: Container) -> AskedHeap | None:
    """Return the largest heap that the settings of a container surely ask for.

    Every Java virtual machine reads ``-Xmx`` from its command, and from these variables
    by itself or by its usual start script.
    """
    found: list[AskedHeap] = []
    for name in _JAVA_VARIABLES:
        pair = container.environment.get(name)
        if pair is not None and pair.value.value:
            found += _asked(name, pair.value.value.split(), _OF_JAVA, 1.5)
    for line in (
        line for key in ("entrypoint", "command") for line in commands_in(container.value(key))
    ):
        found += _asked("-Xmx", [word.text for word in line], _OF_JAVA, 1.5)
    needs = container.image_needs
    for heap in needs.heaps if needs is not None else ():
        if heap.variable:
            text = needs.start.environment.get(heap.variable) if needs else None
            words = (text or "").split()
        else:
            words = list(needs.start.command or ()) if needs else []
        found += _asked(heap.variable or heap.flag, words, heap.flag, heap.times)
    return max(found, key=lambda one: one.size, default=None)


def _asked(setting: str, words: list[str], flag: str, times: float) -> list[AskedHeap]:
    text = _after(words, flag)
    match = _SIZE.fullmatch(text) if text is not None else None
    size = parse_bytes(match[0].lower().rstrip("b")) if match else None
    # A number without a unit may be one of megabytes.
    if match is None or not size or not match[2]:
        return []
    return [AskedHeap(setting, match[0], size, _rounded(_with_rest(size, times, flag, setting)))]


def heap_size(needs: Needs, heap: Heap) -> int | None:
    """Return the size that a setting gives to the heap, in bytes.

    It is 0 where the setting is absent and there is no fixed default, and ``None``
    where a variable decides.
    """
    start = needs.start
    text: str | None = None
    if heap.variable:
        if heap.variable in start.environment:
            text = start.environment[heap.variable]
            if text is None:
                return None
        elif start.more_environment:
            return None
        found = _after(text.split(), heap.flag) if text is not None else None
    else:
        found = _after(start.command or (), heap.flag)
    if found is None:
        return parse_bytes(heap.default) or 0 if heap.default else 0
    if "$" in found:
        return None
    return _size(found, heap)


def _size(text: str, heap: Heap) -> int | None:
    """Return the bytes of a size; without a unit, it is one of pages for PostgreSQL."""
    match = _SIZE.fullmatch(text)
    if match is None or (not match[2] and "shared_buffers" in heap.flag):
        return None
    return parse_bytes(match[0].lower().rstrip("b"))


def _after(words: tuple[str, ...] | list[str], flag: str) -> str | None:
    """Return the value of a flag: behind it, behind ``=``, or in the next word.

    Without a flag it is the first word.
    """
    for number, word in enumerate(words):
        if not word.startswith(flag):
            continue
        value = word[len(flag) :].lstrip("=")
        if value:
            return value
        return words[number + 1] if flag and number + 1 < len(words) else None
    return None


def _rounded(size: int) -> str:
    """Return a size as people write it, rounded up to a power of two in megabytes."""
    megabytes = 1 << max(0, (size + _MEGABYTE - 1) // _MEGABYTE - 1).bit_length()
    return f"{megabytes >> 10}g" if megabytes >= 1024 else f"{megabytes}m"
