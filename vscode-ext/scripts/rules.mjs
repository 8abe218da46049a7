// Writes the names of the rules into a schema for settings.json, which completes them. The
// words are not held to them: themes, sets and other linters' ids are good, too.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const extension = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const tightship = join(extension, "..", ".venv", "bin", "tightship");

const listed = execFileSync(tightship, ["rule", "--output-format", "json"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
const { rules } = JSON.parse(listed);
const words = { items: { $ref: "#/definitions/word" } };
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  definitions: {
    word: {
      anyOf: [
        {
          enum: rules.map((rule) => rule.name),
          enumDescriptions: rules.map((rule) => rule.summary),
        },
        { type: "string" },
      ],
    },
  },
  properties: {
    "tightship.select": words,
    "tightship.ignore": words,
    settings: { $ref: "#" }, // of a .code-workspace
  },
};
writeFileSync(join(extension, "rules.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
