// Finds the server: which `tightship` to start, or which Python for the bundled one.
import type { Machine } from "./machine";
import { Places } from "./places";

/** The oldest Python that Tightship runs on. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 11];
/** The oldest Tightship that has a server. */
export const OLDEST_TIGHTSHIP: readonly [number, number] = [0, 1];

/** What the user has said, and what the editor knows. */
export interface Wishes {
  readonly trusted: boolean;
  readonly folders: readonly string[];
  readonly path: readonly string[];
  readonly importStrategy: "fromEnvironment" | "useBundled";
  readonly interpreter: string;
  /** The folder that holds `start.py` and `libs`. */
  readonly bundled: string;
  /** Asks the Python extension for the interpreter of the active environment. */
  activePython(): Promise<string | undefined>;
}

export interface Server {
  readonly command: string;
  /** What stands before the subcommand. */
  readonly args: readonly string[];
  /** Who brought it, as the status item says it. */
  readonly origin: Origin;
  readonly version: string;
}

export type Origin =
  | "the setting tightship.path"
  | "the active Python environment"
  | "the workspace's environment"
  | "PATH"
  | "this extension";

export interface Search {
  /** Nothing if there is no server and no Python to run the bundled one. */
  readonly server: Server | undefined;
  /** What was passed over, and why. */
  readonly passedOver: readonly string[];
}

// Isolated, and without site-packages: only the bundled libraries count, neither
// PYTHONPATH nor the current folder.
const ALONE = ["-I", "-S", "-X", "utf8"];
const VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";

/** Looks in the order that the README of this extension tells. */
export async function findServer(wishes: Wishes, machine: Machine): Promise<Search> {
  return new Finder(wishes, machine).search();
}

class Finder {
  readonly #wishes: Wishes;
  readonly #machine: Machine;
  readonly #places: Places;
  readonly #passedOver: string[] = [];
  #active: Promise<string | undefined> | undefined;

  constructor(wishes: Wishes, machine: Machine) {
    this.#wishes = wishes;
    this.#machine = machine;
    this.#places = new Places(machine, wishes.folders, wishes.trusted);
  }

  async search(): Promise<Search> {
    const server = (await this.#installed()) ?? (await this.#bundled());
    return { server, passedOver: this.#passedOver };
  }

  async #installed(): Promise<Server | undefined> {
    if (!this.#wishes.trusted) {
      this.#passOver("the workspace is not trusted: only the bundled server may run");
      return undefined;
    }
    for await (const [command, origin] of this.#commands()) {
      const version = await this.#versionOf(command);
      if (version !== undefined) return { command, args: [], origin, version };
    }
    return undefined;
  }

  async *#commands(): AsyncGenerator<[string, Origin]> {
    for (const written of this.#wishes.path) {
      const command = await this.#places.named(written);
      if (command !== undefined) yield [command, "the setting tightship.path"];
      else this.#passOver(`tightship.path: there is no program ${written}`);
    }
    if (this.#wishes.importStrategy === "useBundled") return;
    const python = await this.#activePython();
    const active = python === undefined ? [] : [this.#places.beside(python)];
    const order: [string[], Origin][] = [
      [active, "the active Python environment"],
      [this.#places.environments, "the workspace's environment"],
      [this.#places.searchPath, "PATH"],
    ];
    for (const [folders, origin] of order) {
      for await (const command of this.#places.programs("tightship", folders)) {
        yield [command, origin];
      }
    }
  }

  async #versionOf(command: string): Promise<string | undefined> {
    const version = versionIn(await this.#machine.ask(command, ["lsp", "--version"]));
    if (version === undefined) {
      this.#passOver(`${command} has no language server: pip install 'tightship[lsp]' adds it`);
    } else if (!isAtLeast(version, OLDEST_TIGHTSHIP)) {
      this.#passOver(`${command} is of version ${version}, which has no server`);
    } else {
      return version;
    }
    return undefined;
  }

  async #bundled(): Promise<Server | undefined> {
    const start = this.#places.in(this.#wishes.bundled, "start.py");
    const asked = new Set<string>();
    for await (const [python, ...before] of this.#pythons()) {
      if (asked.has(python)) continue;
      asked.add(python);
      if (!(await this.#isYoungEnough(python, before))) continue;
      const args = [...before, ...ALONE, start];
      const version = versionIn(await this.#machine.ask(python, [...args, "--version"]));
      if (version !== undefined) {
        return { command: python, args, origin: "this extension", version };
      }
      this.#passOver(`${python} does not run the bundled server`);
    }
    return undefined;
  }

  /** Yields interpreters, each with the arguments that it needs. */
  async *#pythons(): AsyncGenerator<[string, ...string[]]> {
    if (this.#wishes.trusted) {
      yield* this.#chosenPythons();
    }
    const folders = this.#places.searchPath;
    for (const name of pythonNames()) {
      for await (const python of this.#places.programs(name, folders)) yield [python];
    }
    if (this.#machine.platform !== "win32") return;
    for await (const launcher of this.#places.programs("py", folders)) yield [launcher, "-3"];
  }

  async *#chosenPythons(): AsyncGenerator<[string]> {
    const written = this.#wishes.interpreter;
    if (written !== "") {
      const python = await this.#places.named(written);
      if (python !== undefined) yield [python];
      else this.#passOver(`tightship.interpreter: there is no program ${written}`);
    }
    const active = await this.#activePython();
    if (active !== undefined) yield [active];
  }

  async #isYoungEnough(python: string, before: readonly string[]): Promise<boolean> {
    const answer = await this.#machine.ask(python, [...before, "-I", "-S", "-c", VERSION]);
    const version = answer?.trim() ?? "";
    if (!/^\d+\.\d+$/.test(version)) {
      this.#passOver(`${python} does not run`);
      return false;
    }
    if (!isAtLeast(version, OLDEST_PYTHON)) {
      this.#passOver(`${python} is Python ${version}; ${OLDEST_PYTHON.join(".")} is needed`);
      return false;
    }
    return true;
  }

  #activePython(): Promise<string | undefined> {
    this.#active ??= this.#wishes.activePython();
    return this.#active;
  }

  #passOver(reason: string): void {
    this.#passedOver.push(reason);
  }
}

/** `python3` is what is meant; where it is too old, a newer one may lie beside it. */
function pythonNames(): string[] {
  const [major, oldest] = OLDEST_PYTHON;
  const newest = oldest + 5;
  const minors = Array.from({ length: newest - oldest + 1 }, (_, i) => newest - i);
  return ["python3", "python", ...minors.map((minor) => `python${major}.${minor}`)];
}

function versionIn(answer: string | undefined): string | undefined {
  return /^tightship (\d+\.\d+\S*)\s*$/.exec(answer ?? "")?.[1];
}

function isAtLeast(version: string, oldest: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
