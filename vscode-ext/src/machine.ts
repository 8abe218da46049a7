// What the finder may ask of the machine that it runs on. Tests hand it another one.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The variable PATH, as it is. */
  readonly searchPath: string;
  /** Tells whether there is a file that may be executed. */
  isProgram(path: string): Promise<boolean>;
  /** Runs a program and returns what it printed; nothing if it failed or took too long. */
  ask(program: string, args: readonly string[]): Promise<string | undefined>;
}

// A first start from a cold disk takes seconds; one that hangs must not hold us for ever.
const PATIENCE = 15_000;
const MOST_OUTPUT = 16 * 1024 * 1024;

/** The machine of this process; what is asked is run in the folder `cwd`. */
export function thisMachine(cwd: string): Machine {
  return {
    platform: process.platform,
    home: homedir(),
    searchPath: process.env["PATH"] ?? process.env["Path"] ?? "",
    isProgram,
    ask: (program, args) => ask(program, args, cwd),
  };
}

async function isProgram(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function ask(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  const options = {
    cwd,
    timeout: PATIENCE,
    maxBuffer: MOST_OUTPUT,
    windowsHide: true,
    encoding: "utf8" as const,
  };
  return new Promise((resolve) => {
    try {
      const child = execFile(program, [...args], options, (error, stdout) =>
        resolve(error ? undefined : stdout),
      );
      child.stdin?.end();
    } catch {
      resolve(undefined); // An argument that no process can take.
    }
  });
}
