// Addresses lead to rules, and only to what can be the name of one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf, ruleAt } from "../src/pages";

test("the address of a page leads back to its rule", () => {
  assert.equal(pageOf("root-user"), "tightship-rule:/root-user.md");
  assert.equal(ruleAt(new URL(pageOf("root-user")).pathname), "root-user");
});

test("what no rule can be called is never asked for", () => {
  for (const path of ["/--help.md", "/a b.md", "/root-user", "root-user.md", "/a/b.md", "/.md"]) {
    assert.equal(ruleAt(path), undefined, path);
  }
});
