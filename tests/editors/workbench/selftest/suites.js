// What a user would do, through VS Code's own interfaces, inside the extension host.
const vscode = require("vscode");

const PATIENCE = 40_000;
const FIX_ALL = "source.fixAll.tightship";

async function waitFor(what, condition) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open(name) {
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, name));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

const nameOf = ({ code }) => (typeof code === "object" ? code.value : code);

const found = (document) =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === "tightship");

const names = (document) => found(document).map(nameOf).sort();

const has = (document, name) => names(document).includes(name);

const theFinding = (document, name) => found(document).find((one) => nameOf(one) === name);

async function replace(document, from, to) {
  const start = document.getText().indexOf(from);
  const range = new vscode.Range(
    document.positionAt(start),
    document.positionAt(start + from.length),
  );
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error("not replaced");
}

const actions = (document, range, kind) =>
  vscode.commands.executeCommand(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    kind,
    10,
  );

/** The whole of it: findings, fixes, hovers, lenses, and files that are not saved. */
async function everything() {
  const seen = { vscode: vscode.version };
  const compose = await open("compose.yaml");
  seen.languages = [compose.languageId];
  await waitFor("what is found in compose.yaml", () => has(compose, "docker-socket-mounted"));
  seen.compose = names(compose);

  const mount = theFinding(compose, "timezone-mount-writable");
  seen.link = typeof mount.code === "object" ? String(mount.code.target) : "";
  seen.severities = found(compose)
    .map(({ severity }) => severity)
    .sort();
  const fixes = await actions(compose, mount.range, "quickfix");
  seen.quickfixes = fixes.map(({ title }) => title);
  const fix = fixes.find(({ title }) => title === "Mount it read-only");
  seen.preferred = fix?.isPreferred;
  await vscode.workspace.applyEdit(fix.edit);
  await waitFor("the finding to go", () => !has(compose, "timezone-mount-writable"));
  seen.composeFixed = compose.getText();

  const socket = theFinding(compose, "docker-socket-mounted");
  seen.hover = await hover(compose, socket.range.start);
  const service = compose.positionAt(compose.getText().indexOf("db:") + 1);
  seen.serviceHover = await hover(compose, service);
  seen.lenses = await waitFor("code lenses", async () => {
    const lenses = await vscode.commands.executeCommand(
      "vscode.executeCodeLensProvider",
      compose.uri,
      20,
    );
    return lenses?.length > 0 && lenses.map(({ command }) => command?.title ?? "");
  });

  const dockerfile = await open("Dockerfile");
  seen.languages.push(dockerfile.languageId);
  await waitFor("what is found in the Dockerfile", () =>
    has(dockerfile, "add-instead-of-copy"),
  );
  seen.dockerfile = names(dockerfile);
  await vscode.commands.executeCommand("tightship.fixAll");
  await waitFor("all to be fixed", () => names(dockerfile).length === 0);
  seen.dockerfileFixed = dockerfile.getText();
  seen.fixAllKinds = (await actions(dockerfile, new vscode.Range(0, 0, 0, 0), FIX_ALL)).map(
    ({ kind }) => kind.value,
  );

  await replace(dockerfile, "AS app", "AS other");
  await waitFor("the stage to be missed", () => has(compose, "undefined-stage"));
  await replace(dockerfile, "AS other", "AS app");
  await waitFor("the stage to be found", () => !has(compose, "undefined-stage"));
  seen.unsaved = [compose.isDirty, dockerfile.isDirty];

  await vscode.commands.executeCommand("tightship.restart");
  await waitFor("findings after a restart", () => has(compose, "docker-socket-mounted"));

  const settings = vscode.workspace.getConfiguration("tightship");
  await settings.update("ignore", ["docker-socket-mounted"], vscode.ConfigurationTarget.Global);
  await waitFor("the setting to count", () => !has(compose, "docker-socket-mounted"));
  await settings.update("ignore", undefined, vscode.ConfigurationTarget.Global);
  await waitFor("the setting to be taken back", () => has(compose, "docker-socket-mounted"));

  await vscode.commands.executeCommand("tightship.showRule", "privileged-container");
  seen.tab = await waitFor(
    "the page of a rule",
    () =>
      vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes(
        "privileged-container",
      ) && vscode.window.tabGroups.activeTabGroup.activeTab.label,
  );
  seen.page = await pageOf("privileged-container");
  return seen;
}

async function hover(document, position) {
  const hovers = await vscode.commands.executeCommand(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers.flatMap(({ contents }) => contents.map((one) => one.value ?? one)).join("\n");
}

async function pageOf(name) {
  const uri = vscode.Uri.from({ scheme: "tightship-rule", path: `/${name}.md` });
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

/** A workspace whose trust is not given: what is bundled runs. */
async function untrusted() {
  const compose = await open("compose.yaml");
  await waitFor("what is found in compose.yaml", () => has(compose, "docker-socket-mounted"));
  return { trusted: vscode.workspace.isTrusted, compose: names(compose) };
}

/** The names of rules complete in a file of settings, with what they find. */
async function settings() {
  await open("compose.yaml");
  const document = await open(".vscode/settings.json");
  const position = document.positionAt(document.getText().indexOf('""') + 1);
  const item = await waitFor("the names of rules", async () => {
    const { items } = await vscode.commands.executeCommand(
      "vscode.executeCompletionItemProvider",
      document.uri,
      position,
    );
    return items.find(({ label }) => (label.label ?? label) === '"root-user"');
  });
  return { documentation: item.documentation?.value ?? item.documentation };
}

module.exports = { everything, settings, untrusted };
