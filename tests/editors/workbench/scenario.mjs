// node scenario.mjs NAME URL ARTEFACTS : drives the real VS Code workbench in headless
// Chromium, as a user would see and use it. Takes screenshots, and prints as JSON what
// was seen.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { scenarios } from "./scenarios.mjs";
import { Workbench } from "./workbench.mjs";

// Without these, Chromium looks for its maker's hosts at every start.
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const [name, url, artefacts] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "tightship-chromium-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM,
  headless: true,
  viewport: { width: 1280, height: 1200 },
  args: QUIET,
});
try {
  const bench = new Workbench(context.pages()[0], join(artefacts, name));
  await bench.open(url);
  try {
    console.log(JSON.stringify(await scenarios[name](bench)));
  } catch (error) {
    await bench.shoot("failed");
    throw error;
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
