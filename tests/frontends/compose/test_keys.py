"""The key table: that it is whole and sound, and what it says of well-known keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.frontends.compose.specification import shape
from tightship.frontends.compose.specification.keys import FILE, at
from tightship.frontends.compose.specification.shape import FREE, TEXT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator


def everything() -> Iterator[tuple[str, Shape]]:
    """Yield each shape of the table once, with a path that leads to it."""
    stack, seen = [("", FILE)], {id(FREE)}
    while stack:
        path, here = stack.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        yield path, here
        stack += ((f"{path}.{key}", below) for key, below in (here.keys or {}).items())
        stack += [(f"{path}.*", here.each)] if here.each else []
        stack += [(f"{path}.[]", here.items)] if here.items else []


TABLE = tuple(everything())


def test_a_mapping_with_given_keys_says_what_it_describes() -> None:
    assert [path for path, here in TABLE if (here.keys is None) != (not here.what)] == []


def test_every_place_accepts_a_type() -> None:
    for path, here in TABLE:
        assert here.scalars or here.items or here.keys or here.each, path


def test_names_in_the_table_exist() -> None:
    for path, here in TABLE:
        assert set(here.required) <= set(here.keys or {}), path
        assert not here.lone or here.lone in (here.keys or {}), path
        if here.choices and here.default is not None:
            assert here.default in here.choices, path


def test_only_texts_have_choices_and_forms() -> None:
    for path, here in TABLE:
        if here.choices or here.form:
            assert here.scalars & TEXT, path


def test_every_key_is_one_that_python_and_yaml_can_write_bare() -> None:
    for path, here in TABLE:
        assert all(key.isidentifier() for key in here.keys or {}), path


@pytest.mark.parametrize(
    "path",
    [
        "services.web.annotations",
        "services.web.attach",
        "services.web.blkio_config.weight_device.0.weight",
        "services.web.build.additional_contexts.base",
        "services.web.build.entitlements.0",
        "services.web.build.no_cache_filter",
        "services.web.build.provenance",
        "services.web.build.sbom",
        "services.web.build.ssh.default",
        "services.web.build.ulimits.nofile.soft",
        "services.web.credential_spec.registry",
        "services.web.depends_on.db.condition",
        "services.web.deploy.placement.preferences.0.spread",
        "services.web.deploy.resources.limits.pids",
        "services.web.deploy.resources.reservations.devices.0.device_ids.0",
        "services.web.deploy.resources.reservations.generic_resources.0"
        ".discrete_resource_spec.value",
        "services.web.develop.watch.0.exec.user",
        "services.web.develop.watch.0.initial_sync",
        "services.web.env_file.0.format",
        "services.web.gpus.0.capabilities",
        "services.web.healthcheck.start_interval",
        "services.web.label_file",
        "services.web.models.llm.endpoint_var",
        "services.web.networks.front.gw_priority",
        "services.web.networks.front.interface_name",
        "services.web.ports.0.app_protocol",
        "services.web.post_start.0.privileged",
        "services.web.pre_start.0.volumes.0.bind.propagation",
        "services.web.pre_stop.0.user",
        "services.web.provider.options.tier",
        "services.web.pull_refresh_after",
        "services.web.secrets.0.mode",
        "services.web.storage_opt.size",
        "services.web.umask",
        "services.web.use_api_socket",
        "services.web.volumes.0.bind.recursive",
        "services.web.volumes.0.image.subpath",
        "services.web.volumes.0.tmpfs.mode",
        "services.web.volumes.0.volume.labels",
        "services.web.x-team.anything",
        "networks.front.enable_ipv4",
        "networks.front.ipam.config.0.aux_addresses.router",
        "volumes.data.driver_opts.device",
        "configs.app.content",
        "secrets.key.environment",
        "models.llm.runtime_flags.0",
        "jobs.nightly.triggers.schedule.0.cron",
        "include.0.project_directory",
        "x-anything.below.0.it",
    ],
)
def test_the_specification_has_this_key(path: str) -> None:
    assert at(*(int(k) if k.isdigit() else k for k in path.split("."))) is not None


@pytest.mark.parametrize(
    "path",
    [
        "service",
        "services.web.volume_driver",
        "services.web.deploy.privileged",
        "services.web.pre_start.0.build",
        "services.web.image.name",
        "services.web.image.0",
        "services.web.environment.A.b",
        "jobs.nightly.deploy",
    ],
)
def test_the_specification_has_no_such_key(path: str) -> None:
    assert at(*(int(k) if k.isdigit() else k for k in path.split("."))) is None


def service(path: str) -> Shape:
    found = at("services", "web", *path.split("."))
    assert found is not None
    return found


@pytest.mark.parametrize("path", ["command", "entrypoint", "healthcheck.test"])
def test_a_later_command_replaces_the_earlier_one(path: str) -> None:
    assert service(path).merge == "replace"


@pytest.mark.parametrize(
    "path", ["environment", "labels", "annotations", "sysctls", "build.args", "deploy.labels"]
)
def test_pairs_are_appended_and_the_last_of_a_name_wins(path: str) -> None:
    here = service(path)
    assert (here.canonical, here.merge, here.unique) == ("pairs", "", "name")


@pytest.mark.parametrize(
    ("path", "unique"),
    [
        ("volumes", "target"),
        ("devices", "device"),
        ("ports", "port"),
        ("secrets", "secret"),
        ("configs", "config"),
        ("env_file", "path"),
        ("cap_add", "item"),
        ("cap_drop", "item"),
        ("dns", "name"),
        ("tmpfs", "name"),
        ("security_opt", ""),
        ("group_add", ""),
        ("post_start", ""),
    ],
)
def test_items_of_merged_lists_are_distinguished_as_in_compose(path: str, unique: str) -> None:
    assert service(path).unique == unique


@pytest.mark.parametrize(
    "path", ["security_opt", "group_add", "device_cgroup_rules", "volumes_from", "external_links"]
)
def test_compose_rejects_equal_items_here(path: str) -> None:
    """Recorded runs of Docker Compose 2.26.1: 12-dup-*."""
    assert service(path).distinct


@pytest.mark.parametrize("path", ["depends_on", "networks", "models"])
def test_a_list_of_names_stands_for_a_mapping(path: str) -> None:
    assert service(path).canonical == "names"


def test_a_lone_string_stands_for_a_mapping_with_one_key() -> None:
    assert service("build").lone == "context"
    assert service("extends").lone == "service"


def test_logging_limits_and_subnets_have_mergers_of_their_own() -> None:
    subnets = at("networks", "front", "ipam", "config")
    assert service("logging").merge == "driver"
    assert service("ulimits.nofile").merge == "whole"
    assert subnets is not None
    assert subnets.merge == "subnet"


def test_every_form_is_in_use() -> None:
    forms = {here.form for _, here in TABLE}
    assert forms == {
        "",
        "bool",
        "context",
        "count",
        "device",
        "duration",
        "host",
        "integer",
        "mount",
        "number",
        "port",
        "pull policy",
        "size",
        "ssh",
        "whole number",
    }


def test_a_changed_shape_leaves_the_first_one_alone() -> None:
    changed = shape.STRING.but(choices=("a",), default="a")
    assert changed.choices == ("a",)
    assert changed.plain is False
    assert shape.STRING.choices == ()
    assert shape.STRING.plain is True
