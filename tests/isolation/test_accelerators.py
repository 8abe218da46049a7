"""Devices that a container asks for by name: GPUs and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.isolation.accelerators import hook_note
from tightship.isolation.devices import DeviceKind
from tightship.isolation.mechanisms import table

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf

GPU = "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("gpus: all", "gpus: all"),
        ("gpus: [{driver: nvidia, count: 1}]", "gpus"),
        ("devices: ['nvidia.com/gpu=all']", "nvidia.com/gpu=all"),
        ("devices: ['amd.com/gpu=0']", "amd.com/gpu=0"),
        (GPU, "capabilities: [gpu]"),
        ("runtime: nvidia, environment: {NVIDIA_VISIBLE_DEVICES: all}", "runtime: nvidia"),
        ("runtime: nvidia, environment: [NVIDIA_VISIBLE_DEVICES=0]", "runtime: nvidia"),
    ],
)
def test_a_gpu_by_name_is_a_device_of_the_host(
    container_of: ContainerOf, body: str, text: str
) -> None:
    container = container_of(body)
    [device] = container.devices
    assert (device.kind, device.access) == (DeviceKind.GPU, "read and write")
    [row] = [row for row in table(container) if row.mechanism == "host device"]
    assert (row.mark, row.state) == ("weak", text)
    [by_path] = container_of("devices: [/dev/nvidia0]").devices
    [same] = [row for row in table(by_path.container) if row.mechanism == "host device"]
    assert (row.weaknesses, row.mark) == (same.weaknesses, same.mark)


@pytest.mark.parametrize(
    "body",
    [
        "gpus: []",
        "deploy: {resources: {reservations: {devices: [{driver: cdi}]}}}",
        "deploy: {resources: {limits: {cpus: '1'}}}",
        "runtime: nvidia",
        "runtime: nvidia, environment: {NVIDIA_VISIBLE_DEVICES: void}",
        "runtime: runc, environment: {NVIDIA_VISIBLE_DEVICES: all}",
        "devices: ['${GPU}']",
    ],
)
def test_without_a_certain_request_there_is_no_gpu(container_of: ContainerOf, body: str) -> None:
    assert container_of(body).devices == []


@pytest.mark.parametrize(
    ("body", "source"),
    [
        ("devices: ['vendor.com/net=eth0']", "vendor.com/net=eth0"),
        (GPU.replace("gpu", "tpu, x"), "capabilities: [tpu, x]"),
    ],
)
def test_another_device_by_name_is_one_of_another_kind(
    container_of: ContainerOf, body: str, source: str
) -> None:
    [device] = container_of(body).devices
    assert (device.kind, device.source) == (DeviceKind.OTHER, source)


def test_the_variables_that_widen_a_gpu_are_named(container_of: ContainerOf) -> None:
    some = "gpus: all, environment: {NVIDIA_DRIVER_CAPABILITIES: 'compute,utility'}"
    assert hook_note(container_of(some)) == ""
    every = "gpus: all, environment: {NVIDIA_DRIVER_CAPABILITIES: all}"
    assert "every part of the driver" in hook_note(container_of(every))
    loading = "gpus: all, environment: [LD_PRELOAD=/x.so]"
    assert "`LD_PRELOAD` as root of the host" in hook_note(container_of(loading))
