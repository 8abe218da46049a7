// Puts the playground into dist/: the page, Python from npm, and the packages that Python
// imports, which are named by the arguments (`make playground`).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const PYODIDE = join(HERE, "node_modules", "pyodide");
const packages = process.argv.slice(2);
if (!packages.length) throw new Error("usage: node build.mjs PACKAGE ...");

rmSync(DIST, { recursive: true, force: true });
mkdirSync(join(DIST, "pyodide"), { recursive: true });
cpSync(join(HERE, "public"), DIST, { recursive: true });
for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"])
  copyFileSync(join(PYODIDE, name), join(DIST, "pyodide", name));
// Pyodide's list of packages leads to a server of others: this one has none.
const lock = JSON.parse(readFileSync(join(PYODIDE, "pyodide-lock.json"), "utf8"));
writeFileSync(
  join(DIST, "pyodide", "pyodide-lock.json"),
  JSON.stringify({ info: lock.info, packages: {} }),
);
mkdirSync(join(DIST, "packages"));
for (const path of packages) copyFileSync(path, join(DIST, "packages", basename(path)));

const bundle = (name, options) =>
  build({
    entryPoints: [join(HERE, "src", `${name}.ts`)],
    outfile: join(DIST, `${name}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    loader: { ".py": "text", ".yaml": "text", "": "text" },
    legalComments: "eof",
    logLevel: "warning",
    ...options,
  });

await bundle("main");
await bundle("worker", {
  define: { PACKAGES: JSON.stringify(packages.map((path) => basename(path))) },
});
// Node finds Pyodide from a file that is beside node_modules.
const maker = join(HERE, "node_modules", ".snapshot.mjs");
await bundle("snapshot", { outfile: maker, platform: "node", external: ["pyodide"] });
execFileSync(process.execPath, [maker, join(DIST, "snapshot.gz"), ...packages], {
  stdio: ["ignore", "ignore", "inherit"],
});
const assets = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(DIST.length + 1).replaceAll("\\", "/"))
  .sort();
const hash = createHash("sha256");
for (const path of assets) hash.update(path).update(readFileSync(join(DIST, path)));
await bundle("service-worker", {
  define: {
    // The page is asked for by the name of its folder.
    ASSETS: JSON.stringify(["./", ...assets]),
    VERSION: JSON.stringify(hash.digest("hex").slice(0, 16)),
  },
});
