// What users do in the workbench.
import { existsSync, readFileSync } from "node:fs";

/** Problems, quick fix, fix all, hover, code lens; and two files, neither of them saved. */
async function everything(bench) {
  const seen = {};
  await bench.file("compose.yaml");
  await bench.command("Problems: Focus on Problems View");
  await bench.problem("can command the Docker daemon");
  seen.compose = await bench.problems();
  seen.lenses = await bench.lenses();
  seen.status = await bench.languageStatus();
  await bench.shoot("problems");

  await bench.goTo("but only needs to read it");
  seen.quickfixes = await bench.quickFixes();
  await bench.shoot("quick-fix");
  // linter/docs/pictures/editor.png is a copy of this one.
  await bench.shoot("editor", { x: 348, y: 30, width: 640, height: 440 });
  await bench.press("Enter");
  await bench.line("/etc/localtime:/etc/localtime:ro");
  await bench.noProblem("but only needs to read it");
  seen.lensesFixed = await bench.lensesBecome([
    seen.lenses[0],
    "grade F · 5 findings · 5 mechanisms are weak",
  ]);
  await bench.shoot("quick-fix-applied");

  await bench.followCode("can command the Docker daemon");
  seen.pageOfProblem = await bench.preview("docker-socket-mounted");
  await bench.shoot("page-of-problem");
  await bench.closeTab("docker-socket-mounted.md");

  await bench.goTo("can command the Docker daemon");
  await bench.press("ArrowLeft"); // to the start of what is selected
  seen.hover = await bench.hover("How to fix");
  await bench.shoot("hover-finding");
  await bench.followCodeInHover();
  seen.pageOfHover = await bench.preview("docker-socket-mounted");
  await bench.closeTab("docker-socket-mounted.md");

  await bench.goTo("service `db` can write to its root file system");
  await bench.press("ArrowLeft");
  seen.serviceHover = await bench.hover("Isolation of");
  await bench.shoot("hover-service");
  await bench.press("Escape");

  await bench.file("Dockerfile");
  await bench.problem("`COPY` does the same as this `ADD`");
  await bench.command("Tightship: Apply All Fixes That Keep Behaviour");
  await bench.line("COPY main.py /app/");
  await bench.line("WORKDIR /app");
  await bench.noProblem("`COPY` does the same as this `ADD`");
  await bench.shoot("fix-all");

  // The stage that compose.yaml builds loses its name, as somebody types.
  await bench.press("Control+Home");
  await bench.press("End");
  await bench.type("lication");
  await bench.problem("has no stage `app`");
  seen.unsaved = [await bench.isUnsaved("compose.yaml"), await bench.isUnsaved("Dockerfile")];
  await bench.shoot("stage-renamed-unsaved");
  for (const _ of "lication") await bench.press("Backspace");
  await bench.noProblem("has no stage `app`");

  await bench.command("Tightship: Show Rule");
  await bench.choose("host-root-mounted");
  seen.rule = await bench.preview("host-root-mounted");
  await bench.shoot("rule");
  return seen;
}

/** What a verdict depends on is edited beside it, and nothing of it is saved. */
async function beside(bench) {
  const seen = {};
  await bench.file("compose.yaml");
  await bench.command("Problems: Focus on Problems View");
  await bench.problem("can command the Docker daemon");
  seen.lenses = await bench.lenses();
  await bench.press("Escape");

  await bench.file(".env");
  await bench.press("Control+Home");
  await bench.type("POWER=true");
  await bench.problem("is privileged");
  await bench.shoot("variables-unsaved");
  await bench.file("compose.yaml");
  seen.lensesPrivileged = await bench.lensesOtherThan(seen.lenses);
  await bench.shoot("lenses-after-another-tab");
  await bench.file(".env");
  for (const _ of "POWER=true") await bench.press("Backspace");
  await bench.noProblem("is privileged");

  await bench.file("tightship.toml");
  await bench.press("Control+Home");
  await bench.type("ignoer = 1");
  await bench.problem("ignoer");
  seen.complaint = (await bench.problems()).find((row) => row.includes("ignoer"));
  await bench.shoot("configuration-as-it-is-typed");
  for (const _ of "ignoer = 1") await bench.press("Backspace");
  await bench.noProblem("ignoer");

  // YAML that no project reads is left alone.
  await bench.file("values.yaml");
  await bench.press("Control+End");
  await bench.type("web: &a {privileged: true}");
  await bench.pause(1500);
  seen.others = (await bench.problems()).filter((row) => row.startsWith("values.yaml"));
  seen.lensesOfOthers = await bench.countLenses();
  return seen;
}

/** What is reported of a Dockerfile, whichever extensions there are. */
async function dockerfile(bench) {
  await bench.file("Dockerfile");
  await bench.command("Problems: Focus on Problems View");
  await bench.problem("`COPY` does the same as this `ADD`");
  await bench.shoot("dockerfile");
  return { problems: await bench.problems() };
}

/** No Python on this machine: one message, and it stays one. */
async function withoutPython(bench) {
  await bench.file("compose.yaml");
  const seen = { message: await bench.notification("Tightship needs Python") };
  await bench.file("Dockerfile");
  await bench.pause(1000);
  seen.notifications = await bench.notifications();
  await bench.shoot("message");
  return seen;
}

/** An inlay hint, a definition in another file, a completed name, a rename in two files. */
async function names(bench) {
  const seen = {};
  await bench.file("compose.yaml");
  await bench.line("→ postgres:18 in compose.override.yaml");
  await bench.goToLine(5);
  await bench.press("End");
  await bench.press("F12");
  await bench.isActive("Dockerfile");
  await bench.isAt("Ln 1, Col 26");

  await bench.file("compose.yaml");
  await bench.goToLine(7);
  await bench.press("End");
  await bench.press("Enter");
  await bench.type("- ");
  seen.completion = await bench.suggestions();
  // linter/docs/pictures/names.png is a copy of this one.
  await bench.shoot("completion", { x: 348, y: 30, width: 640, height: 350 });
  await bench.press("Enter");
  await bench.line("- cache");

  await bench.goToLine(9);
  await bench.press("F2");
  await bench.rename("store");
  await bench.line("store:");
  await bench.command("File: Save All");
  await bench.shoot("renamed");
  return seen;
}

/** Lets an extension of ours look from the inside, and tells what that saw. */
async function inside(bench) {
  const out = process.env.SELFTEST_OUT;
  for (let left = 1000; left > 0 && !existsSync(out); left--) await bench.pause(100);
  await bench.shoot(process.env.SELFTEST_SUITE);
  const { seen, failed } = JSON.parse(readFileSync(out, "utf8"));
  if (failed !== undefined) throw new Error(failed);
  return seen;
}

export const scenarios = { everything, beside, dockerfile, withoutPython, names, inside };
