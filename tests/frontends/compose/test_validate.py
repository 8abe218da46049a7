"""What is found in a file, where, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.frontends.compose.project import ComposeFile
from tightship.frontends.compose.specification.validate import validate
from tightship.syntax.yaml.read import read
from tightship.text import Edit, Source, apply_edits

if TYPE_CHECKING:
    from tightship.frontends.compose.specification.violation import Violation


def violations(text: str, *, partial: bool = False) -> list[Violation]:
    stream = read(Source("compose.yaml", text))
    assert stream.problems == []
    roots = stream.documents
    return [found for root in roots for found in validate(root, partial=partial)]


def one(text: str, *, partial: bool = False) -> Violation:
    (found,) = violations(text, partial=partial)
    return found


def service(body: str, *, partial: bool = False) -> list[Violation]:
    return violations(f"services: {{web: {{image: x, {body} }}}}\n", partial=partial)


def only(body: str) -> Violation:
    (found,) = service(body)
    return found


def test_an_unknown_key_has_a_suggestion() -> None:
    found = only("priviledged: true")
    assert found.kind == "unknown-key"
    assert found.span.text == "priviledged"
    assert found.suggestion == "privileged"
    assert found.path == ("services", "web", "priviledged")
    assert found.message == ("`priviledged` is not a key of a service; did you mean `privileged`?")


def test_a_key_at_the_wrong_level_names_the_right_one() -> None:
    found = only("restart_policy: {condition: any}")
    assert found.message.endswith("; it belongs under `deploy`")
    assert found.suggestion is None


def test_an_ambiguous_key_has_no_suggestion() -> None:
    found = only("network: front")
    assert "`networks`, or does it belong under `build`?" in found.message
    assert found.suggestion is None


def test_a_key_without_a_similar_one_is_just_unknown() -> None:
    assert only("zzzzz: 1").message == "`zzzzz` is not a key of a service"


def test_extension_keys_are_allowed_except_among_names() -> None:
    assert violations("x-a: {b: [1]}\nservices: {web: {image: x, x-b: {c: 1}}}\n") == []
    assert one("services: {x-web: {imag: x}}\n").suggestion == "image"
    assert only("environment: {x-a: [1]}").kind == "wrong-type"


def test_ignored_and_rejected_keys_are_distinguished() -> None:
    found = one("include: [{path: a.yaml, env-file: b.env}]\n")
    assert found.ignored
    assert found.suggestion == "env_file"
    assert not only("imag: y").ignored


def test_a_name_has_few_characters() -> None:
    found = one("services: {my web: {image: x}}\n")
    assert (found.kind, found.span.text) == ("unknown-key", "my web")


@pytest.mark.parametrize(
    ("body", "span", "message", "suggestion"),
    [
        ("user: 0", "0", "`user` must be a string, not the number `0`", '"0"'),
        ("user: 010", "010", "`user` must be a string, not the number `010`", '"010"'),
        (
            "security_opt: no-new-privileges",
            "no-new-privileges",
            "`security_opt` must be a list of strings, not the string `no-new-privileges`",
            "[no-new-privileges]",
        ),
        (
            "cap_add: '${CAPS}'",
            "'${CAPS}'",
            "`cap_add` must be a list of strings, not the string `${CAPS}`",
            "['${CAPS}']",
        ),
        ("cap_add:", "cap_add", "`cap_add` must be a list of strings, but it is empty", None),
        ("cap_add: ~", "~", "`cap_add` must be a list of strings, not `~`", None),
        ("privileged: 1", "1", "`privileged` must be true or false, not the number `1`", None),
        ('privileged: "1"', '"1"', "`privileged` must be true or false, not `1`", None),
        ("mem_limit: 5x", "5x", "`mem_limit` must be a size such as `512m`, not `5x`", None),
        (
            "healthcheck: {interval: 30}",
            "30",
            "`interval` must be a duration such as `30s`, not the number `30`",
            None,
        ),
        (
            "deploy: {resources: {limits: {memory: 64}}}",
            "64",
            '`memory` must be a string such as `"512m"`, not the number `64`',
            '"64"',
        ),
        ("cgroup: hots", "hots", "`cgroup` must be one of `host`, `private`, not `hots`", "host"),
        (
            "oom_score_adj: 5000",
            "5000",
            "`oom_score_adj` must be a whole number from -1000 to 1000, not `5000`",
            None,
        ),
        (
            "ports: [abc]",
            "abc",
            "an item of `ports` must be a port such as `8080:80` or a mapping, not `abc`",
            None,
        ),
        ("cap_add: [[A]]", "[A]", "an item of `cap_add` must be a string, not a list", None),
        ("environment: {A: {}}", "{}", "`A` must be a string or a number, not a mapping", None),
        (
            "depends_on: {db: {condition: service_started, required: yes}}",
            "yes",
            "`required` must be true or false, not the string `yes`",
            "true",
        ),
        (
            "healthcheck: {test: [curl, -f]}",
            "curl",
            "the first item of `test` must be one of `NONE`, `CMD`, `CMD-SHELL`, not `curl`",
            None,
        ),
        (
            "hostname: 2024-01-01",
            "2024-01-01",
            "`hostname` must be a string, not the date `2024-01-01`",
            '"2024-01-01"',
        ),
        ("1: x", "1", "a key must be a string, not the number `1`; quote it", '"1"'),
        ("<<: 5", "5", "`<<` must be a mapping or a list of mappings, not the number `5`", None),
    ],
)
def test_a_wrong_type_names_the_expected_and_the_actual_one(
    body: str, span: str, message: str, suggestion: str | None
) -> None:
    found = only(body)
    assert found.kind == "wrong-type"
    assert found.span.text == span
    assert found.message == message
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    "body",
    [
        "privileged: true",
        'privileged: "true"',
        "privileged: yes",
        "privileged: '${PRIVILEGED}'",
        "read_only: '${X:-1}'",
        "user: 1000:1000",
        "user: !!str 0",
        "user: !mine 0",
        "mem_limit: 64",
        "mem_limit: 1.5g",
        "pids_limit: -1",
        "cpus: 0.5",
        "group_add: [0, audio]",
        "expose: [80]",
        "ports: [80, '127.0.0.1:8080-8081:80-81/udp', {target: 80, published: '8000'}]",
        "ports: ['[::1]:80:80', '${PORT}:80']",
        "environment: {A: 1, B: true, C: , D: 1.5, E: 2024-01-01}",
        "logging: {options: {a: 2024-01-01, b: 2001-12-14t21:59:43.10-05:00}}",
        "networks: {default: {driver_opts: {a: 2024-01-01}}}",
        "environment: [A=b, C]",
        "command: ",
        "pid: ",
        "deploy: ",
        "networks: {default: }",
        "ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}",
        "deploy: {replicas: 2.0}",
        "gpus: all",
        "pull_policy: every_1h30m",
        "use_api_socket: true",
        "provider: {type: cloud, options: {a: [1, b]}}",
        "healthcheck: {test: curl, interval: 1m30s}",
        "healthcheck: {test: ['${HOW}', x]}",
        "volumes: [/a, './b:/c:ro', {type: image, source: x, target: /d}]",
        "extra_hosts: {a: 1.1.1.1, b: [1.1.1.1, 2.2.2.2]}",
    ],
)
def test_values_that_compose_accepts_are_accepted(body: str) -> None:
    assert service(body) == []


@pytest.mark.parametrize("policy", ["every_", "every_5", "every_d", "every_5x", "hourly"])
def test_a_pull_policy_needs_a_period(policy: str) -> None:
    assert only(f"pull_policy: {policy}").kind == "wrong-type"


def test_a_value_of_many_lines_is_marked_at_its_key() -> None:
    found = one("services:\n  web:\n    image:\n      a: b\n      c: d\n")
    assert found.span.text == "image"


def test_required_keys_are_reported() -> None:
    found = only("depends_on: {db: {restart: true}}")
    assert found.kind == "missing-key"
    assert found.span.text == "restart"
    assert found.message == "a dependency needs `condition`"
    assert found.suggestion == "condition"


def test_the_second_of_two_equal_keys_is_the_duplicate() -> None:
    found = one("services:\n  web: {image: x}\n  'web': {image: y}\n")
    assert found.kind == "duplicate-key"
    assert found.span.text == "'web'"
    assert found.first is not None
    assert found.first.span.text == "web"


def test_duplicate_keys_count_in_every_mapping() -> None:
    text = "x-a: {b: {c: 1, c: 2}}\nservices: {web: {image: {d: 1, d: 2}}}\n"
    kinds = [found.kind for found in violations(text)]
    assert kinds == ["duplicate-key", "wrong-type", "duplicate-key"]


def test_two_merge_keys_are_duplicates() -> None:
    found = one("x-a: &a {init: true}\nservices: {web: {image: x, <<: *a, <<: *a}}\n")
    assert found.kind == "duplicate-key"
    assert "`<<: [*a, *b]`" in found.message


def test_equal_items_are_rejected_only_where_compose_rejects_them() -> None:
    found = only("security_opt: [label=disable, seccomp=unconfined, label=disable]")
    assert found.kind == "duplicate-item"
    assert found.path == ("services", "web", "security_opt", 2)
    assert service("cap_add: [A, A]") == []
    assert service('group_add: [1, "1"]') == []


def test_an_override_can_omit_and_empty_keys_of_its_base() -> None:
    body = "cap_add: , depends_on: {db: {restart: true}}"
    assert service(body, partial=True) == []
    assert len(service(body)) == 2
    assert len(service("user: 0", partial=True)) == 1


def test_a_service_that_extends_another_is_an_override_too() -> None:
    assert service("extends: base, cap_add: ") == []
    assert only("extends: {file: base.yaml}, cap_add: ").kind == "missing-key"


def test_reset_accepts_any_value_and_override_keeps_its_shape() -> None:
    assert service("user: !reset 0, nonsense: !reset {a: 1, a: 2}") == []
    assert service("ports: !override [80]") == []
    assert len(service("ports: !override {a: b}")) == 1


def test_a_merged_mapping_is_checked_as_its_target() -> None:
    text = """
x-web: &web
  priviledged: true
  environment: {A: b}
services:
  a: {<<: *web, image: x}
  b: {<<: *web, image: x}
x-free: {<<: *web}
"""
    assert [found.span.text for found in violations(text)] == ["priviledged"]


def test_own_keys_hide_merged_keys() -> None:
    text = 'x-a: &a {user: 0}\nservices: {web: {image: x, <<: *a, user: "0"}}\n'
    assert violations(text) == []
    assert len(violations(text.replace(', user: "0"', ""))) == 1


def test_the_first_of_several_merged_mappings_hides_the_others() -> None:
    text = 'x-a: &a {user: "0"}\nx-b: &b {user: 0}\nservices: {web: {image: x, <<: [*a, *b]}}\n'
    assert violations(text) == []
    assert len(violations(text.replace("[*a, *b]", "[*b, *a]"))) == 1


def test_an_alias_of_the_wrong_type_is_marked_itself() -> None:
    found = one('x-v: &v ["/a:/a"]\nservices: {web: {image: x, volumes: [*v]}}\n')
    assert found.span.text == "*v"


def test_an_alias_may_be_a_key() -> None:
    text = "x-a: &a image\nservices: {web: {*a : nginx}}\n"
    assert violations(text) == []
    assert one(text.replace("&a image", "&a 5")).span.text == "*a"


def test_a_quoted_merge_key_merges_nothing() -> None:
    assert only('"<<": {init: true}').kind == "unknown-key"


def test_remains_of_a_syntax_error_are_not_judged() -> None:
    text = "services:\n  web:\n    imag: x\n    ports: [\n"
    stream = read(Source("compose.yaml", text))
    assert stream.lost
    assert ComposeFile(stream, stream.documents[0]).violations == []


def test_a_later_document_is_merged_into_the_first() -> None:
    stream = read(Source("a.yaml", "services: {}\n---\nservices: {a: {cap_add: }}\n"))
    root = stream.documents[1]
    assert ComposeFile(stream, root, first=False, partial=True).violations == []
    assert len(ComposeFile(stream, root).violations) == 1


def test_a_file_is_a_mapping() -> None:
    assert one("- a\n").message == "a Compose file must be a mapping, not a list"


def test_violations_come_in_the_order_of_the_text() -> None:
    spans = [found.span for found in service("aa: 1, user: 0, ports: [[]], bb: 2")]
    assert spans == sorted(spans)
    assert len(spans) == 4


def test_names_of_the_users_are_shown_short_and_on_one_line() -> None:
    found = one('services: {web: {image: x, "a\\n\\e[31m' + "b" * 200 + '": 1}}\n')
    assert found.message.isprintable()
    assert len(found.message) < 120


def test_a_suggestion_removes_its_violation() -> None:
    text = """
services:
  web:
    image: x
    user: 0
    stop_signal: 9
    cap_drop: ALL
    security_opt: "label:disable"
    cgroup: hots
    memlimit: 64m
    1: x
    deploy: {resources: {limits: {memory: 64}}}
"""
    found = violations(text)
    assert len(found) == 8
    edits = [Edit(f.span, f.suggestion) for f in found if f.suggestion is not None]
    assert len(edits) == 8
    mended = apply_edits(found[0].span.source, edits)
    assert [f.span.text for f in violations(mended)] == ['"1"']
