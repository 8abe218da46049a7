// Puts Tightship, its server and what they need into bundled/libs, as pure Python.
// Takes the Python of the variable PYTHON, else the one of the checkout or of PATH.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const extension = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const bundled = join(extension, "bundled");
const libs = join(bundled, "libs");
const venv = join(extension, "..", ".venv", "bin", "python");
const python = process.env.PYTHON ?? (existsSync(venv) ? venv : "python3");

function install(...what) {
  const options = ["--no-deps", "--no-compile", "--no-input", "--disable-pip-version-check"];
  const pip = ["-m", "pip", "install", "--quiet", ...options, "--target", libs, ...what];
  execFileSync(python, pip, { stdio: "inherit" });
}

/** Lists the files below a folder. */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

// Of these pip would tell what machine the bundle was made on.
const OF_THE_INSTALLATION = /[\\/](?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$/;
const NATIVE = /\.(?:so|pyd|dll|dylib|pyx|pxd)$/;

rmSync(libs, { recursive: true, force: true });
install("--only-binary=:all:", "--requirement", join(bundled, "requirements.txt"));
install(join(extension, ".."));
rmSync(join(libs, "bin"), { recursive: true, force: true });
for (const file of files(libs)) {
  if (NATIVE.test(file) || OF_THE_INSTALLATION.test(file)) rmSync(file);
}

// What does not run alone here would not run on the user's machine either.
const alone = ["-I", "-S", "-B", join(bundled, "start.py"), "--version"];
const said = execFileSync(python, alone, { encoding: "utf8" }).trim();
const { version } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
if (said !== `tightship ${version}`) {
  throw new Error(`the extension is of version ${version}, but bundles ${said}`);
}
console.log(`bundled ${said}: ${files(libs).length} files`);
