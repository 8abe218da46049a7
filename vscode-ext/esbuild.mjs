// Bundles the extension into one file, or with --tests each test into its own.
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const tests = process.argv.includes("--tests");
const out = tests ? "dist/test" : "dist";
rmSync(out, { recursive: true, force: true });
await build({
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
  ...(tests
    ? {
        entryPoints: readdirSync("test")
          .filter((name) => name.endsWith(".test.ts"))
          .map((name) => `test/${name}`),
        outdir: out,
        sourcemap: "inline",
      }
    : { entryPoints: ["src/extension.ts"], outfile: `${out}/extension.js`, minify: true }),
});
