// Writes tightship.vsix. Links of the README lead to the repository, once it has an address:
// galleries have no files beside the page.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const extension = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const { homepage } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
const links = homepage
  ? [
      ...["--baseContentUrl", `${homepage}/blob/main/vscode-ext`],
      ...["--baseImagesUrl", `${homepage}/raw/main/vscode-ext`],
    ]
  : ["--allow-missing-repository", "--no-rewrite-relative-links"];
const vsce = join(extension, "node_modules", "@vscode", "vsce", "vsce");
const options = ["--no-dependencies", "--allow-package-secrets", "github"];
execFileSync(
  process.execPath,
  [vsce, "package", ...options, ...links, "--out", "tightship.vsix"],
  { cwd: extension, stdio: "inherit" },
);
