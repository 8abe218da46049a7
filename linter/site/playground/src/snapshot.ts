// Run by the build, in Node: takes a picture of Python's memory once the linter has been
// imported and has checked a few texts, so that browsers do not repeat that.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { argv } from "node:process";
import { gzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";
import { addPackages, importLinter } from "./python";

// What these need is imported; with more, the picture would be larger than the memory with
// which Python begins in a browser, and would not be used.
const texts = {
  "compose.yaml": "services:\n  web: {image: nginx:1.29}\n",
  Dockerfile: "FROM alpine:3.22\nUSER root\n",
};

const [, , out = "", ...paths] = argv;
const packages = paths.map((path) => ({
  name: basename(path),
  bytes: new Uint8Array(readFileSync(path)),
}));
const python = await loadPyodide({ _makeSnapshot: true });
addPackages(python, packages);
importLinter(python, packages);
python.runPython(`tightship.check_texts(${JSON.stringify(texts)})`);
const snapshot = python.makeMemorySnapshot();
writeFileSync(out, gzipSync(snapshot, { level: 9 }));
try {
  await loadPyodide({ _loadSnapshot: snapshot });
} catch {
  console.error("The snapshot is larger than Python's first memory: the page starts without it, slowly.");
}
