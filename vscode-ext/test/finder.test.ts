// The finder, on machines that are written down: which files there are, and what
// each of them answers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findServer, type Wishes } from "../src/finder";
import type { Machine } from "../src/machine";

type Programs = Readonly<Record<string, (args: readonly string[]) => string | undefined>>;

const tightship =
  (version = "0.1.0") =>
  () =>
    `tightship ${version}\n`;

/** A Python of a version; it runs the bundled server if it is asked to. */
const python =
  (version: string, prefix: readonly string[] = []) =>
  (args: readonly string[]) => {
    assert.deepEqual(args.slice(0, prefix.length), prefix);
    if (args.includes("-c")) return `${version}\n`;
    return args.at(-1) === "--version" ? "tightship 0.1.0\n" : undefined;
  };

class Written implements Machine {
  readonly asked: string[] = [];
  readonly home = "/home/me";

  constructor(
    readonly programs: Programs,
    readonly searchPath = "/usr/local/bin:/usr/bin",
    readonly platform: NodeJS.Platform = "linux",
  ) {}

  async isProgram(path: string): Promise<boolean> {
    return path in this.programs;
  }

  async ask(program: string, args: readonly string[]): Promise<string | undefined> {
    this.asked.push(program);
    return this.programs[program]?.(args);
  }
}

const wishes = (more: Partial<Wishes> = {}): Wishes => ({
  trusted: true,
  folders: ["/home/me/shop"],
  path: [],
  importStrategy: "fromEnvironment",
  interpreter: "",
  bundled: "/ext/bundled",
  activePython: async () => undefined,
  ...more,
});

const EVERYWHERE: Programs = {
  "/opt/ts/tightship": tightship("0.9.1"),
  "/envs/active/bin/tightship": tightship("0.9.2"),
  "/envs/active/bin/python": python("3.13"),
  "/home/me/shop/.venv/bin/tightship": tightship("0.9.3"),
  "/usr/bin/tightship": tightship("0.9.4"),
  "/usr/bin/python3": python("3.12"),
};
const active = { activePython: async () => "/envs/active/bin/python" };

describe("the order in which a server is looked for", () => {
  const without = (...gone: string[]) =>
    Object.fromEntries(Object.entries(EVERYWHERE).filter(([path]) => !gone.includes(path)));

  it("starts with tightship.path", async () => {
    const all = wishes({ ...active, path: ["/opt/ts/tightship"] });
    const { server, passedOver } = await findServer(all, new Written(EVERYWHERE));
    assert.deepEqual(server, {
      command: "/opt/ts/tightship",
      args: [],
      origin: "the setting tightship.path",
      version: "0.9.1",
    });
    assert.deepEqual(passedOver, []);
  });

  it("goes on with the active Python environment", async () => {
    const { server } = await findServer(wishes(active), new Written(EVERYWHERE));
    assert.equal(server?.command, "/envs/active/bin/tightship");
    assert.equal(server.origin, "the active Python environment");
  });

  it("then takes an environment that lies in the workspace", async () => {
    const machine = new Written(without("/envs/active/bin/tightship"));
    const { server } = await findServer(wishes(active), machine);
    assert.equal(server?.command, "/home/me/shop/.venv/bin/tightship");
    assert.equal(server.origin, "the workspace's environment");
  });

  it("looks into every folder of the workspace", async () => {
    const { server } = await findServer(
      wishes({ folders: ["/home/me/other", "/home/me/shop"] }),
      new Written(EVERYWHERE),
    );
    assert.equal(server?.command, "/home/me/shop/.venv/bin/tightship");
  });

  it("then takes what is on PATH", async () => {
    const { server } = await findServer(wishes({ folders: [] }), new Written(EVERYWHERE));
    assert.equal(server?.command, "/usr/bin/tightship");
    assert.equal(server.origin, "PATH");
  });

  it("ends with the bundled server, run by the first Python", async () => {
    const machine = new Written({ "/usr/bin/python3": python("3.12") });
    const { server } = await findServer(wishes(), machine);
    assert.deepEqual(server, {
      command: "/usr/bin/python3",
      args: ["-I", "-S", "-X", "utf8", "/ext/bundled/start.py"],
      origin: "this extension",
      version: "0.1.0",
    });
  });
});

describe("tightship.path", () => {
  const found = async (path: string, programs: Programs = EVERYWHERE) =>
    (await findServer(wishes({ path: [path] }), new Written(programs))).server?.command;

  it("takes ~ and variables", async () => {
    const programs = { "/home/me/ts": tightship(), "/home/me/shop/ts": tightship() };
    assert.equal(await found("~/ts", programs), "/home/me/ts");
    assert.equal(await found("${userHome}/ts", programs), "/home/me/ts");
    assert.equal(await found("${workspaceFolder}/ts", programs), "/home/me/shop/ts");
  });

  it("is relative to the folders of the workspace", async () => {
    assert.equal(
      await found("./tools/ts", { "/home/me/shop/tools/ts": tightship() }),
      "/home/me/shop/tools/ts",
    );
  });

  it("is looked up on PATH if it is a name", async () => {
    assert.equal(await found("ts", { "/usr/bin/ts": tightship() }), "/usr/bin/ts");
  });

  it("does not read a dollar sign in a folder's name as a pattern", async () => {
    const programs = { "/home/me/$&/ts": tightship() };
    const search = wishes({ folders: ["/home/me/$&"], path: ["${workspaceFolder}/ts"] });
    const { server } = await findServer(search, new Written(programs));
    assert.equal(server?.command, "/home/me/$&/ts");
  });

  it("goes before importStrategy", async () => {
    const search = wishes({ path: ["/opt/ts/tightship"], importStrategy: "useBundled" });
    const { server } = await findServer(search, new Written(EVERYWHERE));
    assert.equal(server?.command, "/opt/ts/tightship");
  });

  it("that names nothing is told, and the search goes on", async () => {
    const search = wishes({ path: ["/gone"] });
    const { server, passedOver } = await findServer(search, new Written(EVERYWHERE));
    assert.equal(server?.origin, "the workspace's environment");
    assert.deepEqual(passedOver, ["tightship.path: there is no program /gone"]);
  });
});

describe("importStrategy useBundled", () => {
  it("runs the bundled server with the active Python", async () => {
    const search = wishes({ ...active, importStrategy: "useBundled" });
    const { server } = await findServer(search, new Written(EVERYWHERE));
    assert.equal(server?.command, "/envs/active/bin/python");
    assert.equal(server.origin, "this extension");
  });
});

describe("a workspace that is not trusted", () => {
  const untrusted = wishes({
    ...active,
    trusted: false,
    path: ["/opt/ts/tightship"],
    interpreter: "/home/me/shop/python",
  });

  it("gets the bundled server, whatever else there is", async () => {
    const machine = new Written({ ...EVERYWHERE, "/home/me/shop/python": python("3.14") });
    const { server } = await findServer(untrusted, machine);
    assert.equal(server?.command, "/usr/bin/python3");
    assert.equal(server.origin, "this extension");
    assert.deepEqual(new Set(machine.asked), new Set(["/usr/bin/python3"]));
  });

  it("has no say through PATH", async () => {
    const machine = new Written(
      {
        "/home/me/shop/bin/python3": python("3.14"),
        "/home/me/shop/..bin/python3": python("3.14"),
        "/home/me/shopping/python3": python("3.12"),
      },
      "bin:/home/me/shop/bin:/home/me/shop/..bin:/home/me/shop:/home/me/shopping",
    );
    const { server } = await findServer(untrusted, machine);
    assert.equal(server?.command, "/home/me/shopping/python3");
    assert.deepEqual(new Set(machine.asked), new Set(["/home/me/shopping/python3"]));
  });

  it("does not even ask for its environment", async () => {
    const activePython = () => assert.fail("asked");
    const { server } = await findServer(
      { ...untrusted, activePython },
      new Written(EVERYWHERE),
    );
    assert.equal(server?.command, "/usr/bin/python3");
  });
});

describe("what is found but is of no use", () => {
  for (const [what, answer] of [
    ["does not start", () => undefined],
    ["lacks the extra `lsp`", (args: readonly string[]) => (args[0] === "lsp" ? undefined : "tightship 0.1.0\n")],
  ] as const) {
    it(`a tightship that ${what}`, async () => {
      const machine = new Written({ ...EVERYWHERE, "/home/me/shop/.venv/bin/tightship": answer });
      const { server, passedOver } = await findServer(wishes(), machine);
      assert.equal(server?.command, "/usr/bin/tightship");
      assert.deepEqual(passedOver, [
        "/home/me/shop/.venv/bin/tightship has no language server: pip install 'tightship[lsp]' adds it",
      ]);
    });
  }

  it("a program of that name that is another", async () => {
    const machine = new Written({ "/usr/bin/tightship": () => "Usage: tightship hull\n" });
    assert.equal((await findServer(wishes(), machine)).server, undefined);
  });

  it("a tightship from before there was a server", async () => {
    const machine = new Written({ "/usr/bin/tightship": tightship("0.0.9") });
    const { server, passedOver } = await findServer(wishes(), machine);
    assert.equal(server, undefined);
    assert.deepEqual(passedOver, [
      "/usr/bin/tightship is of version 0.0.9, which has no server",
    ]);
  });

  it("a relative folder of PATH", async () => {
    const machine = new Written(
      { "bin/tightship": tightship(), "/tightship": tightship() },
      "bin::.",
    );
    assert.equal((await findServer(wishes(), machine)).server, undefined);
    assert.deepEqual(machine.asked, []);
  });

  it("a Python that is too old, with a newer one beside it", async () => {
    const machine = new Written({
      "/usr/local/bin/python3": () => undefined,
      "/usr/bin/python3": python("3.9"),
      "/usr/bin/python3.9": python("3.9"),
      "/usr/bin/python3.11": python("3.11"),
      "/usr/bin/python3.13": python("3.13"),
    });
    const { server, passedOver } = await findServer(wishes(), machine);
    assert.equal(server?.command, "/usr/bin/python3.13");
    assert.deepEqual(passedOver, [
      "/usr/local/bin/python3 does not run",
      "/usr/bin/python3 is Python 3.9; 3.11 is needed",
    ]);
  });

  it("a Python 4 is not too old", async () => {
    const machine = new Written({ "/usr/bin/python3": python("4.0") });
    assert.equal((await findServer(wishes(), machine)).server?.command, "/usr/bin/python3");
  });

  it("no Python at all: nothing is found, and nothing is thrown", async () => {
    const { server, passedOver } = await findServer(wishes(), new Written({}));
    assert.equal(server, undefined);
    assert.deepEqual(passedOver, []);
  });
});

describe("tightship.interpreter", () => {
  it("runs the bundled server before any other Python", async () => {
    const programs = { "/py/python3.14": python("3.14"), "/usr/bin/python3": python("3.12") };
    const search = wishes({ interpreter: "/py/python3.14" });
    const { server } = await findServer(search, new Written(programs));
    assert.equal(server?.command, "/py/python3.14");
  });

  it("that names nothing is told", async () => {
    const search = wishes({ interpreter: "python3.14" });
    const { passedOver } = await findServer(search, new Written({}));
    assert.deepEqual(passedOver, ["tightship.interpreter: there is no program python3.14"]);
  });
});

describe("on Windows", () => {
  const windows = (programs: Programs) =>
    new Written(programs, "C:\\Python;D:\\tools", "win32");
  const shop = { folders: ["C:\\shop"], bundled: "C:\\ext\\bundled" };

  it("programs end in .exe, and environments keep theirs in Scripts", async () => {
    const machine = windows({ "C:\\shop\\.venv\\Scripts\\tightship.exe": tightship() });
    const { server } = await findServer(wishes(shop), machine);
    assert.equal(server?.command, "C:\\shop\\.venv\\Scripts\\tightship.exe");
  });

  it("the launcher is asked when no python.exe works", async () => {
    const machine = windows({
      "C:\\Python\\python.exe": () => undefined, // what the store puts there
      "D:\\tools\\py.exe": python("3.12", ["-3"]),
    });
    const { server } = await findServer(wishes(shop), machine);
    assert.equal(server?.command, "D:\\tools\\py.exe");
    assert.deepEqual(server.args, [
      "-3",
      "-I",
      "-S",
      "-X",
      "utf8",
      "C:\\ext\\bundled\\start.py",
    ]);
  });

  it("another drive is not in the workspace", async () => {
    const machine = windows({
      "C:\\Python\\python3.exe": python("3.12"),
      "D:\\tools\\python3.exe": python("3.12"),
    });
    const search = wishes({ folders: ["C:\\Python"], bundled: "C:\\ext", trusted: false });
    const { server } = await findServer(search, machine);
    assert.equal(server?.command, "D:\\tools\\python3.exe");
  });
});
