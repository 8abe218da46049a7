"""The rule `invalid-value`, beyond its examples and the values that the lab tries.

`tests/lab/refused_values.py` has pairs that an engine rejects and takes; this file has
the messages, and more values that an engine takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_value import invalid_value

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def service(body: str) -> str:
    return f"services: {{web: {{image: x, {body}}}}}\n"


@pytest.mark.parametrize(
    ("body", "text", "message"),
    [
        ("restart: allways", "allways", "`restart` has the value `allways`; write `always`"),
        ("restart: never", "never", "`restart` has the value `never`; write `no`"),
        (
            "restart: sometimes",
            "sometimes",
            "`restart` has the value `sometimes`; write `no`, `always`, `on-failure`,"
            " `unless-stopped`",
        ),
        (
            "stop_signal: SIGTREM",
            "SIGTREM",
            "`stop_signal` has the value `SIGTREM`; write `SIGTERM`",
        ),
        (
            "working_dir: '${DIR:-app}'",
            "'${DIR:-app}'",
            "`working_dir` has the value `app` (default of `${DIR}`); write a path that"
            " begins with `/`",
        ),
        (
            "extra_hosts: {db: hostgateway}",
            "hostgateway",
            "`hostgateway` is no address of the host `db`; write `host-gateway`",
        ),
        (
            "devices: [{source: /dev/fuse, target: /dev/fuse, permissions: x}]",
            "x",
            "a device has no permissions `x`; write letters of `rwm`",
        ),
    ],
)
def test_the_value_is_marked_and_the_message_has_advice(
    judge: Judge, body: str, text: str, message: str
) -> None:
    [one] = judge(service(body), [invalid_value])
    assert (one.severity.word, one.span.text) == ("error", text)
    assert one.finding.message == f"service `web` will not start: {message}"


@pytest.mark.parametrize(
    ("image", "remedy"),
    [
        ("Nginx", "write the name in lower case: `nginx`"),
        ("ghcr.io/Owner/app:1", "write the name in lower case: `owner/app`"),
        ("https://ghcr.io/x", "write a registry without a scheme, such as `ghcr.io/owner/name`"),
        ("x@sha256:abc", "write the digest as `@sha256:` and 64 hexadecimal digits"),
        ("x:a b", "write a tag of letters, digits, `.`, `_` and `-`"),
    ],
)
def test_the_name_of_an_image_has_a_form(judge: Judge, image: str, remedy: str) -> None:
    [one] = judge(f"services: {{web: {{image: '{image}'}}}}\n", [invalid_value])
    assert one.finding.message.endswith(f"`image` has the value `{image}`; {remedy}")


@pytest.mark.parametrize(
    ("body", "text", "meant"),
    [
        ("runtime: runsk", "runsk", "runsc"),
        ("logging: {driver: jsonfile}", "jsonfile", "json-file"),
        ("logging: {driver: Json-File}", "Json-File", "json-file"),
    ],
)
def test_a_name_that_is_nearly_known_is_an_info(
    judge: Judge, body: str, text: str, meant: str
) -> None:
    [one] = judge(service(body), [invalid_value])
    assert (one.severity.word, one.span.text) == ("info", text)
    assert one.finding.message.endswith(f"did you mean `{meant}`?")


@pytest.mark.parametrize(
    "body", ["runtime: runc", "runtime: my-own", "logging: {driver: loki}", "runtime: kata"]
)
def test_a_name_of_a_plug_in_is_silent(found: Found, body: str) -> None:
    assert found(service(body), invalid_value) == []


DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "image",
    [
        *("nginx", "a/b/c:1", "ghcr.io/a/b", "localhost/x", "localhost:5000/x/y:z_1"),
        *("Registry/x", "x__y", "x--y", "a-b/c.d-e_f:V1.0-rc_1", "[::1]:5000/x"),
        *(f"x@sha256:{DIGEST}", f"ghcr.io/x:1@sha256:{DIGEST}", "${IMAGE}", "x:${TAG}"),
    ],
)
def test_valid_names_of_images_are_silent(found: Found, image: str) -> None:
    assert found(f"services: {{web: {{image: '{image}'}}}}\n", invalid_value) == []


@pytest.mark.parametrize(
    "body",
    [
        "restart: '${RESTART}'",
        "restart: 'no'",
        "restart: no",
        "restart: ''",
        "restart: on-failure",
        "deploy: {restart_policy: {condition: none}}",
        "stop_signal: term",
        "stop_signal: SIGRTMIN+3",
        "stop_signal: '99'",
        "isolation: hyperv",
        "working_dir: 'C:/app'",
        "working_dir: '${DIR}/app'",
        "hostname: a_b",
        "cpuset: '0,2-4'",
        "platform: linux/arm/v7",
        "platform: windows(10.0.17763)/amd64",
        "dns: ''",
        "dns: ['${DNS}']",
        "extra_hosts: ['a:::1', 'b=[::1]', '${HOST}']",
        "devices: ['/dev/fuse', '/dev/fuse:/x', '${DEVICE}', 'vendor.com/gpu=all']",
        "devices: ['/dev/fuse:/dev/fuse:${MODE}']",
        "environment: ['A=', B, '${NAME}=1']",
        "healthcheck: {interval: 1m30s, timeout: '${TIMEOUT}'}",
    ],
)
def test_accepted_and_undecided_values_are_silent(found: Found, body: str) -> None:
    assert found(service(body), invalid_value) == []
