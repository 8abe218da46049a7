// Writes the names of the rules into package.json, for completion in settings. The
// words are not held to them: themes, sets and other linters' ids are good, too.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const extension = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = join(extension, "package.json");
const tightship = join(extension, "..", ".venv", "bin", "tightship");

const listed = execFileSync(tightship, ["rule", "--output-format", "json"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
const { rules } = JSON.parse(listed);
const known = {
  enum: rules.map((rule) => rule.name),
  enumDescriptions: rules.map((rule) => rule.summary),
};
const contents = JSON.parse(readFileSync(manifest, "utf8"));
const { properties } = contents.contributes.configuration;
for (const name of ["tightship.select", "tightship.ignore"]) {
  properties[name].items = { type: "string", anyOf: [known, {}] };
}
writeFileSync(manifest, `${JSON.stringify(contents, null, 2)}\n`);
