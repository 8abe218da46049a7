// The real machine: files and processes in a folder of the test's own.
import assert from "node:assert/strict";
import { chmod, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { thisMachine, type Machine } from "../src/machine";

describe("this machine", () => {
  let folder: string;
  let machine: Machine;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "tightship-machine-")));
    machine = thisMachine(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("tells a program from a folder, a text and nothing", async () => {
    const text = join(folder, "text");
    await writeFile(text, "no program");
    assert.equal(await machine.isProgram(process.execPath), true);
    assert.equal(await machine.isProgram(folder), false);
    assert.equal(await machine.isProgram(join(folder, "gone")), false);
    if (process.platform !== "win32") {
      await chmod(text, 0o644);
      assert.equal(await machine.isProgram(text), false);
    }
  });

  it("asks in its folder, with the arguments as they are", async () => {
    const script = "console.log(process.cwd(), process.argv[1])";
    const answer = await machine.ask(process.execPath, ["-e", script, "a b;c"]);
    assert.equal(answer, `${folder} a b;c\n`);
  });

  it("has no answer from a program that fails, or that is not there", async () => {
    assert.equal(await machine.ask(process.execPath, ["-e", "process.exit(1)"]), undefined);
    assert.equal(await machine.ask(join(folder, "gone"), []), undefined);
    assert.equal(await machine.ask(process.execPath, ["\0"]), undefined);
  });

  it("does not wait for a program that waits for input", async () => {
    const script = "process.stdin.resume().on('end', () => console.log('done'))";
    assert.equal(await machine.ask(process.execPath, ["-e", script]), "done\n");
  });
});
