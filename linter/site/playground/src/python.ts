// The linter in Python's memory: where its packages are, and what is called.
import type { PyodideAPI } from "pyodide";
import check from "./check.py";

/** Answer a request; both are JSON. */
export type Answerer = (request: string) => string;

export interface Package {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const FOLDER = "/packages";

/** Write packages, unmodified: Python imports from archives without unpacking them. */
export function addPackages(python: PyodideAPI, packages: readonly Package[]): void {
  python.FS.mkdirTree(FOLDER);
  for (const { name, bytes } of packages) python.FS.writeFile(`${FOLDER}/${name}`, bytes);
}

/** Import the linter from its packages. */
export function importLinter(python: PyodideAPI, packages: readonly Package[]): void {
  const paths = packages.map(({ name }) => `${FOLDER}/${name}`);
  python.runPython(`import sys; sys.path.extend(${JSON.stringify(paths)})`);
  python.runPython(check);
}

export const answererOf = (python: PyodideAPI): Answerer =>
  python.runPython("answer") as Answerer;
export const versionOf = (python: PyodideAPI): string => python.runPython("VERSION") as string;
