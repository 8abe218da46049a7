// Where programs may lie: PATH, environments, and what settings write.
import { posix, win32 } from "node:path";
import type { Machine } from "./machine";

const ENVIRONMENTS = [".venv", "venv"];

export class Places {
  readonly #machine: Machine;
  readonly #folders: readonly string[];
  readonly #trusted: boolean;
  readonly #windows: boolean;
  readonly #path: typeof posix;

  constructor(machine: Machine, folders: readonly string[], trusted: boolean) {
    this.#machine = machine;
    this.#folders = folders;
    this.#trusted = trusted;
    this.#windows = machine.platform === "win32";
    this.#path = this.#windows ? win32 : posix;
  }

  /** Yields the programs of a name that are in folders. */
  async *programs(name: string, folders: readonly string[]): AsyncGenerator<string> {
    for (const folder of folders) {
      const program = this.in(folder, this.#executable(name));
      if (await this.#machine.isProgram(program)) yield program;
    }
  }

  /** Finds a program that a setting names: by its path, or by its name on PATH. */
  async named(written: string): Promise<string | undefined> {
    for (const program of this.#meantBy(written)) {
      if (await this.#machine.isProgram(program)) return program;
    }
    return undefined;
  }

  in(folder: string, name: string): string {
    return this.#path.join(folder, name);
  }

  beside(program: string): string {
    return this.#path.dirname(program);
  }

  /** The folders with the programs of the environments that lie in the workspace. */
  get environments(): string[] {
    const scripts = this.#windows ? "Scripts" : "bin";
    return this.#folders.flatMap((folder) =>
      ENVIRONMENTS.map((name) => this.#path.join(folder, name, scripts)),
    );
  }

  /**
   * The folders of PATH. A relative one would be looked up in the folder that we happen
   * to be in, and a workspace that is not trusted has no say in what runs.
   */
  get searchPath(): string[] {
    return this.#machine.searchPath
      .split(this.#path.delimiter)
      .filter((folder) => this.#path.isAbsolute(folder))
      .filter((folder) => this.#trusted || !this.#isInWorkspace(folder));
  }

  #meantBy(written: string): string[] {
    const path = this.#expanded(written);
    if (!/[/\\]/.test(path)) {
      const program = this.#executable(path);
      return this.searchPath.map((folder) => this.#path.join(folder, program));
    }
    if (this.#path.isAbsolute(path)) return [path];
    return this.#folders.map((folder) => this.#path.resolve(folder, path));
  }

  #expanded(path: string): string {
    const first = this.#folders[0] ?? "";
    return path
      .replace(/^~(?=$|[/\\])/, () => this.#machine.home)
      .replaceAll("${workspaceFolder}", () => first)
      .replaceAll("${userHome}", () => this.#machine.home);
  }

  #isInWorkspace(folder: string): boolean {
    return this.#folders.some((root) => {
      const way = this.#path.relative(root, folder);
      return !/^\.\.(?:[/\\]|$)/.test(way) && !this.#path.isAbsolute(way);
    });
  }

  #executable(name: string): string {
    return this.#windows && !name.toLowerCase().endsWith(".exe") ? `${name}.exe` : name;
  }
}
