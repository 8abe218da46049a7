// The engine: CPython as WebAssembly, with the wheel that pip installs, unmodified.
import type { PyodideAPI, PyodideConfig } from "pyodide";
import type { Answer, Request } from "./messages";
import type { Fixed, Result } from "./result";
import { addPackages, answererOf, importLinter, versionOf, type Answerer, type Package } from "./python";

// The build replaces it by the names of the packages.
declare const PACKAGES: readonly string[];

const post = (answer: Answer): void => postMessage(answer);
const here = (path: string): string => new URL(path, self.location.href).href;

const engine = start();
engine.catch((error: unknown) => post({ kind: "broken", error: text(error) }));

addEventListener("message", ({ data }: MessageEvent<Request>) => void answer(data));

async function answer({ id, ...request }: Request): Promise<void> {
  const run = await engine;
  try {
    const answered: unknown = JSON.parse(run(JSON.stringify(request)));
    if (request.fix) post({ kind: "fixed", id, fixed: answered as Fixed });
    else post({ kind: "checked", id, result: answered as Result });
  } catch (error) {
    post({ kind: "failed", id, error: text(error) });
  }
}

async function start(): Promise<Answerer> {
  post({ kind: "progress", step: "Loading the linter" });
  const packages = Promise.all(PACKAGES.map(package_));
  const python = await fromSnapshot(packages).catch(() => fromPackages(packages));
  post({ kind: "ready", version: versionOf(python) });
  return answererOf(python);
}

// Python as it was when the build had imported the linter. Modules that nobody has needed
// until then still come from the packages.
async function fromSnapshot(packages: Promise<Package[]>): Promise<PyodideAPI> {
  const packed = (await got("snapshot.gz")).body;
  if (!packed) throw new Error("no snapshot");
  const stream = packed.pipeThrough(new DecompressionStream("gzip"));
  const python = await pyodide({ _loadSnapshot: new Response(stream).arrayBuffer() });
  addPackages(python, await packages);
  return python;
}

async function fromPackages(packages: Promise<Package[]>): Promise<PyodideAPI> {
  const python = await pyodide({});
  addPackages(python, await packages);
  importLinter(python, await packages);
  return python;
}

async function pyodide(options: PyodideConfig): Promise<PyodideAPI> {
  const { loadPyodide }: typeof import("pyodide") = await import(here("pyodide/pyodide.mjs"));
  const { warn, error } = console;
  // If a file does not load, Pyodide writes that to the console and waits for ever.
  const failure = new Promise<never>((_, reject) => {
    console.warn = console.error = (problem: unknown) => {
      if (problem instanceof Error) reject(problem);
    };
  });
  // No package comes from Pyodide's own server.
  const addresses = { indexURL: here("pyodide/"), packageBaseUrl: here("packages/") };
  try {
    return await Promise.race([loadPyodide({ ...addresses, ...options }), failure]);
  } finally {
    Object.assign(console, { warn, error });
  }
}

async function package_(name: string): Promise<Package> {
  const response = await got(`packages/${name}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function got(path: string): Promise<Response> {
  const response = await fetch(here(path));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
