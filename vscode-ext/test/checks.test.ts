// BuildKit's checks are shown once, whichever extension does it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildKitChecks, DOCKERS } from "../src/checks";

const alone = () => false;
const besideDockers = (extension: string) => extension === DOCKERS;

test("by itself it leaves them to Docker's extension where that is enabled", () => {
  assert.equal(buildKitChecks("auto", alone), "on");
  assert.equal(buildKitChecks("auto", besideDockers), "off");
  assert.equal(buildKitChecks("auto", (one) => one === "ms-azuretools.vscode-docker"), "on");
});

test("a choice stands whatever else is enabled", () => {
  for (const isEnabled of [alone, besideDockers]) {
    assert.equal(buildKitChecks("on", isEnabled), "on");
    assert.equal(buildKitChecks("off", isEnabled), "off");
  }
});
