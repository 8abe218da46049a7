// Each feature is shown once, whichever extension has it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FEATURES, features, type Choice } from "../src/features";

const auto = (): Choice => "auto";
const both = ["compose", "dockerfile"];

test("alone, the server offers everything", () => {
  const found = features(auto, () => false);
  for (const one of FEATURES) assert.deepEqual(found[one], both);
});

test("what another extension offers is left to it, in its language", () => {
  const found = features(auto, (one) => one === "redhat.vscode-yaml");
  assert.deepEqual(found.completion, ["dockerfile"]);
  assert.deepEqual(found.rename, both);
  assert.deepEqual(found.hover, both);
});

test("several extensions leave nothing of a feature", () => {
  const found = features(auto, (one) => one !== "docker.docker");
  assert.deepEqual(found.completion, []);
  assert.deepEqual(found.hints, both);
});

test("a choice has priority over other extensions", () => {
  assert.deepEqual(features(() => "on", () => true).completion, both);
  assert.deepEqual(features(() => "off", () => false).hover, []);
});
