"""Bake files, for which `docker buildx bake --print` says what their targets are.

`python -m tests.frontends.bake.cases` records the answers in tests/oracles/bake.json.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tightship.frontends.names import is_bake

if TYPE_CHECKING:
    from collections.abc import Mapping

ORACLE = Path(__file__).parents[2] / "oracles" / "bake.json"
HCL = "docker-bake.hcl"
CASES: dict[str, dict[str, str]] = {
    "attributes": {HCL: """
        target "a" {
          context = "src"
          dockerfile = "x.Dockerfile"
          target = "final"
          args = { A = "b", "C" = 1, D = true, E = null, F = 1.5 }
          labels = { "org.example/a" = "b" }
          contexts = { base = "docker-image://alpine:3.22", other = "target:b" }
          tags = ["a:1", "a:2"]
          platforms = ["linux/amd64", "linux/arm64"]
          cache-from = ["type=registry,ref=a"]
          secret = ["id=a,env=B"]
          no-cache = true
          pull = false
          network = "host"
          shm-size = "128m"
        }
        target "b" {}
    """},
    "variables": {HCL: """
        variable "A" { default = "x" }
        variable "B" { default = "${A}-y" }
        variable "N" { default = 3 }
        variable "F" { default = false }
        variable "NULL" { default = null }
        c = "${B}-z"
        target "a" {
          args = { A = A, B = B, C = c, N = N + 1, F = F, NULL = NULL, T = "${N}/${F}" }
          tags = ["a:${B}"]
        }
    """},
    "functions": {HCL: """
        variable "T" { default = "" }
        function "tag" {
          params = [name, version]
          result = ["${name}:${version}", notequal("", T) ? "${name}:${T}" : ""]
        }
        function "twice" {
          params = [it]
          result = "${it}${it}"
        }
        target "a" {
          tags = tag("a", twice("1"))
          args = {
            U = upper("aBc"), L = lower("aBc"), J = join(",", ["a", "b"]), R = replace("a.b", ".", "-"),
            F = format("%s-%d", "a", 2), TR = trimprefix("v1", "v"), C = "${length(concat(["a"], ["b"]))}",
            E = equal("a", "a"), X = contains(["a", "b"], "b"), CO = coalesce("", "z"),
            S = split("-", "a-b")[1], M = merge({ A = "1" }, { B = "2" }).B,
            AND = true && !false, CMP = 2 >= 1, MATH = (1 + 2) * 3 - 4 / 2, NEG = -1,
          }
        }
    """},
    "conditions": {HCL: """
        variable "RELEASE" { default = "" }
        variable "COUNT" { default = 2 }
        target "a" {
          args = {
            A = RELEASE == "" ? "dev" : RELEASE
            B = COUNT > 1 ? "many" : "one"
            C = equal(RELEASE, "") && COUNT != 2 ? "x" : "y"
          }
          no-cache = RELEASE == "" ? true : false
        }
    """},
    "inherits": {HCL: """
        target "base" {
          args = { A = "base", B = "base" }
          tags = ["base"]
          platforms = ["linux/amd64"]
          cache-from = ["base"]
          secret = ["id=base,env=B"]
          dockerfile = "base.Dockerfile"
        }
        target "middle" {
          inherits = ["base"]
          args = { B = "middle", C = "middle" }
          target = "middle"
        }
        target "other" {
          args = { A = "other", D = "other" }
          target = "other"
          no-cache = true
        }
        target "a" {
          inherits = ["middle", "other"]
          args = { D = "a", B = null }
          tags = ["a"]
          cache-from = ["a"]
          secret = ["id=a,env=A"]
        }
        target "b" {
          inherits = ["other", "middle"]
          platforms = ["linux/arm64"]
        }
    """},
    "twice": {HCL: """
        target "a" {
          args = { A = "1" }
          tags = ["a:1"]
        }
        target "a" {
          args = { B = "2" }
          tags = ["a:2"]
          dockerfile = "b"
        }
        group "default" { targets = ["a"] }
        group "default" { targets = ["b"] }
        target "b" {}
    """},
    "matrix": {HCL: """
        variable "VERSIONS" { default = ["1", "2"] }
        group "default" { targets = ["a", "b"] }
        target "a" {
          name = "a-${os}-${v}"
          matrix = { os = ["alpine", "debian"], v = VERSIONS }
          args = { OS = os, V = "v${v}" }
          tags = ["a:${os}-${v}"]
          target = os == "alpine" ? "small" : null
        }
        target "b" {
          name = item.name
          matrix = { item = [{ name = "b-x", port = 1 }, { name = "b-y", port = 2 }] }
          args = { PORT = item.port }
        }
    """},
    "texts": {HCL: """
        variable "V" { default = "1" }
        target "a" {
          dockerfile-inline = <<EOT
        FROM alpine:${V}
          RUN echo "$HOME" $${NOT} %%{x} \\n
        EOT
        }
        target "b" {
          dockerfile-inline = <<-EOT
            FROM alpine

              RUN true
          EOT
          args = { A = "tab\\tquote\\"back\\\\u\\u00e9", B = "$${V} %%{if}", C = "a$b%c" }
        }
    """},
    "loops": {HCL: """
        variable "TAGS" { default = ["x", "y"] }
        target "a" {
          tags = [for t in TAGS : "a:${t}" if t != "y"]
          args = { for i, t in TAGS : upper(t) => "${i}" }
          platforms = [for p in ["amd64", "arm64"] : "linux/${p}"]
        }
    """},
    "comments": {HCL: """
        # one
        // two
        /* three
           lines */
        variable "A" { # four
          default = "x" // five
        }
        target "a" {
          args = {
            A = A, # six
            /* seven */ B = "y"
          }
          tags = [
            "a", // eight
            # "b",
            "c",
          ]
        }
    """},
    "json": {"docker-bake.json": """
        {
          "variable": {"TAG": {"default": "1"}},
          "group": {"default": {"targets": ["a"]}},
          "target": {
            "a": {
              "inherits": ["c"],
              "dockerfile": "D",
              "args": {"A": "x-${TAG}", "B": "${upper(TAG)}", "N": 3, "T": true},
              "tags": ["a:${TAG}", "b"],
              "no-cache": true
            },
            "c": {"labels": {"l": "${TAG}"}}
          }
        }
    """},
    "override": {
        "docker-bake.json": '{"target": {"a": {"args": {"A": "json", "J": "json"}, "tags": ["json"]}}}',
        HCL: """
            variable "V" { default = "main" }
            target "a" {
              args = { A = "hcl-${V}", H = "hcl" }
              cache-from = ["hcl"]
            }
            target "b" { inherits = ["a"] }
        """,
        "docker-bake.override.hcl": """
            variable "V" { default = "over" }
            target "a" {
              args = { A = "over-${V}" }
              tags = ["over"]
              cache-from = ["over"]
            }
        """,
    },
    "services": {
        "compose.yaml": """
            services:
              web:
                image: example/web
                build:
                  context: web
                  dockerfile: ${FILE:-none}
                  target: prod
                  args: { A: "1", B: "2", EMPTY: "" }
                  additional_contexts: ["base=docker-image://alpine:3.22"]
              api.v1:
                build: api
              worker:
                extends: { service: web }
                build: { args: ["B=5"], target: work }
              db:
                image: postgres
        """,
        "compose.override.yaml": """
            services: { web: { build: { target: dev } } }
        """,
        ".env": "FILE=of.Dockerfile\n",
        HCL: """
            target "web" {
              args = { B = "3", C = "4" }
              contexts = { tools = "docker-image://debian:13" }
              tags = ["web"]
            }
            target "new" {
              inherits = ["api_v1"]
              target = "new"
            }
            target "worker" { tags = ["worker"] }
            target "db" { context = "db" }
        """,
    },
    "services-in-two-files": {
        "compose.yml": "services: { a: { build: { context: a, target: below } } }\n",
        "docker-compose.yml": "services: { a: { build: { target: above } } }\n",
        "docker-bake.json": '{"target": {"a": {"args": {"A": "b"}}}}',
    },
}  # fmt: skip


def texts(name: str) -> dict[str, str]:
    """Return the files of a case, without the indentation that they have here."""
    from textwrap import dedent

    return {key: dedent(text).strip("\n") + "\n" for key, text in CASES[name].items()}


def main_file(files: Mapping[str, str]) -> str:
    """Return the name of the bake file that is judged."""
    return HCL if HCL in files else next(one for one in files if is_bake(one))


def printed(files: Mapping[str, str], targets: list[str]) -> dict[str, Any]:
    """Return what bake says of some targets."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        made = subprocess.run(
            ["docker", "buildx", "bake", "--print", *targets],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if made.returncode:
        raise AssertionError(made.stderr)
    found: dict[str, Any] = json.loads(made.stdout)["target"]
    return found


def recorded() -> dict[str, dict[str, Any]]:
    """Return the recorded answers, by case."""
    found: dict[str, dict[str, Any]] = json.loads(ORACLE.read_text())
    return found


def main() -> None:
    """Record what bake says of the targets that we find."""
    from tests.frontends.bake.targets_of import targets_of

    answers = dict[str, Any]()
    for case in CASES:
        files = texts(case)
        name = main_file(files)
        answers[case] = printed(files, [*targets_of(files[name], name, files)])
    ORACLE.write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
