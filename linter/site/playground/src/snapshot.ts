// Run by the build, in Node: takes a picture of Python's memory once the linter has been
// imported and has checked a few texts, so that browsers do not repeat that.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { argv } from "node:process";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import dockerfile from "../../../../tests/projects/shop/shop/Dockerfile";
import compose from "../../../../tests/projects/shop/compose.yaml";
import { EXAMPLE } from "./project";
import { addPackages, answererOf, importLinter } from "./python";

const [, , out = "", ...paths] = argv;
const packages = paths.map((path) => ({
  name: basename(path),
  bytes: new Uint8Array(readFileSync(path)),
}));
const python = await loadPyodide({ _makeSnapshot: true });
addPackages(python, packages);
importLinter(python, packages);
const answer = answererOf(python) as ReturnType<typeof answererOf> & { destroy(): void };
for (const texts of [EXAMPLE, { "compose.yaml": compose, "shop/Dockerfile": dockerfile }])
  for (const select of [[], ["strict"]])
    for (const more of [{}, { before: EXAMPLE }, { fix: "tightens" }])
      answer(JSON.stringify({ texts, select, ...more }));
answer.destroy();
writeFileSync(out, gzipSync(python.makeMemorySnapshot(), { level: 9 }));
