"""The facts about images agree with what the lab measured on stand-ins.

The record is ``tests/oracles/hardening.json`` (``tests/lab/measure.py`` renews it). What
the facts grant beyond it is in the tables here, each with its reason.
"""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.loads import LOADS
from tests.lab.stand_ins import stand_ins

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.images import facts
from tightship.images.conditions import HOST_FOLDERS
from tightship.images.index import FILES
from tightship.images.lookup import find, load
from tightship.isolation.containers import containers
from tightship.isolation.needed_limits import memory_limit, process_limit
from tightship.rules.compose.correctness.needed_capability_dropped import needed_capability_dropped
from tightship.rules.compose.correctness.needed_setuid_blocked import needed_setuid_blocked
from tightship.rules.compose.correctness.read_only_without_writable_path import (
    read_only_without_writable_path,
)
from tightship.rules.compose.correctness.tmpfs_hides_image_content import tmpfs_hides_image_content
from tightship.rules.compose.correctness.tmpfs_without_exec import tmpfs_without_exec
from tightship.rules.compose.correctness.user_breaks_entrypoint import user_breaks_entrypoint
from tightship.text import Source
from tightship.values.image import parse
from tightship.values.quantity import parse_bytes

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.images.facts import ImageFamily
    from tightship.images.needs import Needs
    from tightship.isolation.container import Container

Record = dict[str, Any]

ORACLE = Path(__file__).parents[1] / "oracles" / "hardening.json"
LAB: Record = json.loads(ORACLE.read_text("utf-8"))
IMAGES: dict[str, Record] = LAB["images"]
PACKAGES = {one.image: one.package for one in stand_ins()}
BY_REFERENCE = {record["image"]: record for record in IMAGES.values()}


def known(record: Record) -> bool:
    """Tell whether there are facts about a record's image and what runs in it."""
    family = find(parse(record["image"]))
    return family is not None and family.programs != ()


def measured(key: str = "image") -> pytest.MarkDecorator:
    """Return the parameters for the known images whose record has a key."""
    return pytest.mark.parametrize(
        "name", [n for n, one in IMAGES.items() if key in one and known(one)]
    )


# What the Compose file of a stand-in has beside its image and its volumes, where the
# facts depend on it.
SETTINGS: dict[str, Record] = {
    # Which user runs decides whether it works read-only.
    "transmission": {"environment": {"PUID": "1000", "PGID": "1000"}},
    # The image keeps files in the folder, and the stand-in does not.
    "zookeeper": {"tmpfs": ["/conf"]},
}

# Granted, though the stand-in works without; rules never miss these.
FURTHER_CAPABILITIES = {
    ("ghost", "DAC_OVERRIDE"): "what is private in an old volume",
    ("mosquitto", "CHOWN"): "data of another owner in an old volume",
    ("php-apache", "KILL"): "a reload, which no trial does",
    ("rabbitmq", "DAC_OVERRIDE"): "a health check by root, which no trial has",
    ("redis-7", "DAC_OVERRIDE"): "a folder of an append-only file, which no trial writes",
    ("transmission", "FOWNER"): "modes of files in an old volume",
    ("valkey", "DAC_OVERRIDE"): "a folder of an append-only file, which no trial writes",
    ("wordpress", "KILL"): "a reload, which no trial does",
}

# Writable, though the stand-in works without.
FURTHER_PATHS = {
    ("adminer", "/tmp"): "sessions: no trial logs in",
    ("caddy", "/config"): "the configuration may be changed by its API",
    ("caddy", "/data"): "it is a volume in the stand-in's file",
    ("haproxy", "/tmp"): "sockets that the configuration names",
    ("haproxy", "/var/lib/haproxy"): "sockets that the configuration names",
    ("jetty", "/run/jetty"): "the state of the server, if it is told to write it",
    ("postgres", "/tmp"): "the account of a user without one",
    ("postgres-18", "/tmp"): "the account of a user without one",
    ("rabbitmq", "/tmp"): "commands that no trial runs",
    ("rabbitmq", "/var/log/rabbitmq"): "a log that does not go to the console",
    ("syncthing", "/tmp"): "files of an upgrade",
    ("wordpress", "/tmp"): "uploads: no trial sends a file",
    ("zookeeper", "/tmp"): "files of the Java machine, which starts without them",
}
# What the page of the image names, where the folder above it was measured.
NAMED_PATHS = {("jetty", "/tmp"): "/tmp/jetty"}
# Of these, rules find that they are missing, though the trials did not miss them.
CLAIMED_PATHS = {("adminer", "/tmp")}

# What bounds the memory of these, whatever the load.
BOUND = {
    "rabbitmq": "it blocks publishers at a part of the limit",
    "zookeeper": "its heap has a size by default",
}
# Without a floor, although one was measured: a limit that is made from it would be wrong.
WITHOUT_MEMORY = {
    "adminer": "PHP may take 1 GB for an import (`memory_limit` of the image)",
    "ghost": "the stand-in does not have Ghost itself",
    "jetty": "the application decides",
    "memcached": "`-m` sizes the cache, in megabytes without a unit",
    "php-apache": "the application decides",
    "php-fpm": "the application decides",
    "prometheus": "the number of series decides",
    "syncthing": "the number of files decides",
    "tomcat": "the application decides",
    "transmission": "the number of torrents decides",
    "wordpress": "the stand-in does not have WordPress itself",
}

# Seen in a program that was run without a stand-in.
RUN_ALONE = {
    "@actual-app/sync-server from npm on Node.js 20, as root without it: no folder in `/data`",
    "Node-RED 4.1.15 from npm on Node.js 20, read-only, as uid 1000 without capabilities",
    "tini 0.19.0 as root without the capability KILL",
}


def container_of(name: str, **keys: Any) -> Container:
    """Return the container of an image, with its settings and further keys."""
    service = {"image": IMAGES[name]["image"], **SETTINGS.get(name, {}), **keys}
    loading = Loading(Texts(json.dumps({"services": {"s": service}})))
    [container] = containers(ComposeProject(loading, ["compose.yaml"], complete=True))
    return container


class Texts:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)


def needs_of(name: str, **keys: Any) -> Needs:
    needs = container_of(name, **keys).image_needs
    assert needs is not None
    return needs


def capabilities_of(needs: Needs) -> dict[str, facts.Capability]:
    assert needs.capabilities is not None
    return {one.name: one for one in needs.capabilities}


def granted_for(names: Record) -> set[str]:
    """Return measured capabilities as facts have them.

    ``DAC_READ_SEARCH`` suffices where files are only read, but it opens every file of the
    host by its handle, too; ``DAC_OVERRIDE`` does not.
    """
    return {"DAC_OVERRIDE" if name == "DAC_READ_SEARCH" else name for name in names}


def clean(path: str) -> str:
    path = path.partition(":")[0]
    return path.removeprefix("/var") if path.startswith("/var/run") else path


def test_the_record_is_about_images_that_are_known() -> None:
    assert sum(map(known, IMAGES.values())) >= 28


@measured()
def test_every_capability_that_was_needed_is_granted(name: str) -> None:
    plain = granted_for(IMAGES[name]["capabilities"])
    assert plain <= capabilities_of(needs_of(name)).keys()
    bound = granted_for(IMAGES[name].get("capabilities_with_bind_mounts", {}))
    on_host = needs_of(name, volumes=["./data:/some/data"])
    assert bound <= capabilities_of(on_host).keys()


@measured()
def test_each_further_capability_has_a_reason(name: str) -> None:
    record = IMAGES[name]
    needed = granted_for(record["capabilities"])
    bound = granted_for(record.get("capabilities_with_bind_mounts", {}))
    granted = capabilities_of(needs_of(name))
    listed = {one for image, one in FURTHER_CAPABILITIES if image == name}
    assert granted.keys() - needed - bound == listed
    for capability in granted.keys() - needed:
        assert granted[capability].at == "operation"
    on_host = capabilities_of(needs_of(name, volumes=["./data:/some/data"]))
    for capability in on_host.keys() - granted.keys():
        assert HOST_FOLDERS in on_host[capability].when


@measured()
def test_no_unneeded_capability_is_reported_missing(name: str) -> None:
    certain = {one.name for one in needs_of(name).certain_capabilities}
    assert certain <= granted_for(IMAGES[name]["capabilities"])


@measured()
def test_paths_that_have_to_be_writable_are(name: str) -> None:
    record, needs = IMAGES[name], needs_of(name)
    if needs.read_only is None or needs.writes is None:
        return
    assert needs.read_only.works is isinstance(record["read_only"], list)
    if not needs.read_only.works:
        return
    written = {clean(one.path): one for one in needs.writes if not one.optional}
    needed = {
        NAMED_PATHS.get((name, clean(item)), clean(item)): item for item in record["read_only"]
    }
    assert needed.keys() <= written.keys()
    for path, item in needed.items():
        options = item.partition(":")[2].split(",")
        ours = written[path].options
        assert ("exec" in options) == ("exec" in ours)
        if "uid=" in item and written[path].kind != "data":
            # It belongs to the user, or everybody may write.
            assert any(re.fullmatch(r"uid=.*|mode=.*7", one) for one in ours)
    listed = {clean(path) for image, path in FURTHER_PATHS if image == name}
    assert written.keys() - needed.keys() == listed
    certain = {clean(one.path) for one in needs.certain_writes}
    claimed = {clean(path) for image, path in CLAIMED_PATHS if image == name}
    assert certain - needed.keys() == claimed


@measured()
def test_new_privileges_are_needed_as_measured(name: str) -> None:
    found = needs_of(name).new_privileges
    assert found is not None
    assert (not found.needed) is (IMAGES[name]["no_new_privileges"] is True)


@measured("hidden")
def test_paths_hidden_by_a_tmpfs_are_found(name: str, judge: Judge) -> None:
    for path in IMAGES[name]["hidden"]:
        tmpfs = str(PurePosixPath(path).parent)
        service = {"image": IMAGES[name]["image"], "tmpfs": [tmpfs]}
        text = json.dumps({"services": {"s": service}})
        [one] = judge(text, [tmpfs_hides_image_content])
        assert f"`{path}`" in one.finding.message


@measured("hardened_user")
def test_another_user_works_as_measured(name: str) -> None:
    keys: Record = dict(IMAGES[name]["hardened_user"])
    works, user = keys.pop("works"), keys["user"]
    if name in SETTINGS:
        keys = {**SETTINGS[name], **keys}
    found = needs_of(name, **keys).other_user
    assert found is not None
    if works is True:
        assert found.works
        assert user in (found.users or (user,))
    else:
        assert found.needs


@measured("hardened")
def test_rules_find_nothing_in_measured_files(name: str, judge: Judge) -> None:
    rules = (
        needed_capability_dropped,
        needed_setuid_blocked,
        read_only_without_writable_path,
        tmpfs_hides_image_content,
        tmpfs_without_exec,
        user_breaks_entrypoint,
    )
    for kind in ("hardened", "hardened_user"):
        keys: Record = dict(IMAGES[name].get(kind, {}))
        if keys.pop("works", False) is not True:
            continue
        service = {"image": IMAGES[name]["image"], **SETTINGS.get(name, {}), **keys}
        claimed = [path for image, path in CLAIMED_PATHS if image == name]
        service["tmpfs"] = [*keys.get("tmpfs", ()), *claimed]
        text = json.dumps({"services": {"s": service}})
        assert [one.finding.message for one in judge(text, rules)] == []


@measured()
def test_limits_leave_room_for_measured_use(name: str) -> None:
    record, container = IMAGES[name], container_of(name)
    processes = process_limit([container])
    assert processes is not None
    assert int(processes) >= 4 * record["pids"]
    needs = container.image_needs
    assert needs is not None
    assert (needs.memory is None) is (name in WITHOUT_MEMORY)
    if needs.memory is None:
        return
    assert needs.memory.floor == record["memory"]
    limit = memory_limit([container])
    sized = any(heap.default for heap in needs.heaps)
    if needs.memory.grows or not (needs.memory.load or sized):
        # Memory of an idle server is no limit.
        assert limit is None
        return
    assert name in LOADS or name in BOUND
    assert limit is not None
    for floor in (record["memory"], record["hardened"]["mem_limit"]):
        assert (parse_bytes(limit) or 0) >= (parse_bytes(floor) or 0)


def test_every_exception_is_about_an_image_of_the_record() -> None:
    names = {name for name, record in IMAGES.items() if known(record)}
    assert SETTINGS.keys() | WITHOUT_MEMORY.keys() <= names
    tables = (*FURTHER_CAPABILITIES, *FURTHER_PATHS, *NAMED_PATHS)
    assert {name for name, _ in tables} <= names
    assert FURTHER_PATHS.keys() >= CLAIMED_PATHS


SOURCE = re.compile(r"stand-in of (\S+) with Debian 13's (\S+) (\S+), Docker Engine (\S+)")
FAMILIES: list[ImageFamily] = [load(name) for name in FILES]


def test_every_measured_fact_is_in_the_record() -> None:
    alone, seen = set[str](), set[str]()
    for family in FAMILIES:
        for fact in family.facts:
            if fact.source.grade != "measured":
                continue
            found = SOURCE.fullmatch(fact.source.where)
            if found is None:
                alone.add(fact.source.where)
                continue
            image, package, version, engine = found.groups()
            seen.add(image)
            record = BY_REFERENCE[image]
            assert (package, version) == (PACKAGES[image], record["program"])
            assert LAB["versions"]["engine"].startswith(engine)
            assert was_seen(fact, record), (family.names, image, vars_of(fact))
    assert alone == RUN_ALONE
    assert seen == {record["image"] for record in IMAGES.values() if known(record)}


def was_seen(fact: facts.Fact, record: Record) -> bool:
    """Return whether a record shows a fact."""
    if isinstance(fact, facts.Capability):
        bound = record.get("capabilities_with_bind_mounts", {})
        return fact.name in granted_for(record["capabilities"] | bound)
    if isinstance(fact, facts.Write):
        paths = record["written"] if fact.optional else record["read_only"]
        return clean(fact.path) in {clean(path) for path in paths}
    if isinstance(fact, facts.Content):
        # Without it, the server does not start or does not answer.
        return str(record["hidden"].get(fact.path, "")).startswith("start: ")
    if isinstance(fact, facts.ReadOnly):
        return fact.works is isinstance(record["read_only"], list)
    if isinstance(fact, facts.NewPrivileges):
        return (not fact.needed) is (record["no_new_privileges"] is True)
    if isinstance(fact, facts.OtherUser):
        return fact.works is (record["hardened_user"]["works"] is True)
    if isinstance(fact, facts.Memory):
        return bool(fact.floor == record["memory"])
    # The stand-in has its user, its ports and its volumes from the facts.
    return False


def vars_of(fact: facts.Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in facts.fields(type(fact))}
