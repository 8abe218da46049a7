// Tightship in VS Code: a client of the server that `tightship lsp` is.
import { commands, extensions, window, workspace, type ExtensionContext } from "vscode";
import { isJudged } from "./documents";
import { onChange } from "./environment";
import { thisMachine } from "./machine";
import { Reports, SHOW_REPORT } from "./report";
import { RulePages } from "./rules";
import { concernsSearch } from "./settings";
import { Status } from "./status";
import { Supervisor } from "./supervisor";

const FIX_ALL = "source.fixAll.tightship";

let supervisor: Supervisor | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Tightship", { log: true });
  const status = new Status();
  const bundled = context.asAbsolutePath("bundled");
  const server = new Supervisor(bundled, thisMachine(bundled), log, status);
  supervisor = server;
  const pages = new RulePages(server);
  const reports = new Reports(server);

  context.subscriptions.push(
    log,
    status,
    pages,
    commands.registerCommand("tightship.restart", () => server.restart()),
    commands.registerCommand("tightship.showLog", () => log.show()),
    commands.registerCommand("tightship.fixAll", fixAll),
    commands.registerCommand(SHOW_REPORT, (uri: unknown) => reports.show(uri)),
    commands.registerCommand("tightship.showRule", (name: unknown) => pages.show(name)),
    workspace.onDidChangeConfiguration((change) => {
      if (concernsSearch(change)) void server.reconsider();
    }),
    extensions.onDidChange(() => void server.tellSettings()),
    workspace.onDidGrantWorkspaceTrust(() => {
      void server.reconsider();
      void followEnvironment(context, server);
    }),
    // YAML of other kinds wakes the extension, too; it needs no server.
    workspace.onDidOpenTextDocument((document) => {
      if (isJudged(document)) void server.start();
    }),
  );
  if (workspace.textDocuments.some(isJudged)) void server.start();
  if (workspace.isTrusted) void followEnvironment(context, server);
}

export async function deactivate(): Promise<void> {
  await supervisor?.stop();
}

async function followEnvironment(context: ExtensionContext, server: Supervisor): Promise<void> {
  context.subscriptions.push(...(await onChange(() => void server.reconsider())));
}

/** Applies the fixes that keep behaviour to the document of the active editor. */
async function fixAll(): Promise<void> {
  await commands.executeCommand("editor.action.sourceAction", {
    kind: FIX_ALL,
    apply: "first",
  });
}
