// Shows the report of a project beside its file: profiles, map and findings.
import { Uri, ViewColumn, window, workspace, type WebviewPanel } from "vscode";
import type { Supervisor } from "./supervisor";

/** The command that the server puts on code lenses. */
export const SHOW_REPORT = "tightship.showReport";

export class Reports {
  readonly #supervisor: Supervisor;
  readonly #panels = new Map<string, WebviewPanel>();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /** Shows the report of a file, as it is saved; without one, of the active editor's. */
  async show(given: unknown): Promise<void> {
    const uri = typeof given === "string" ? Uri.parse(given) : activeUri();
    if (uri?.scheme !== "file") return;
    await workspace.textDocuments.find((one) => one.uri.fsPath === uri.fsPath)?.save();
    const page = await this.#supervisor.ask(
      ...["check", uri.fsPath, "--output-format", "html", "--fail-on", "never"],
    );
    if (!page) {
      void window.showErrorMessage("Tightship made no report: see the log.");
      return;
    }
    this.#panel(uri).webview.html = page;
  }

  #panel(uri: Uri): WebviewPanel {
    const known = this.#panels.get(uri.fsPath);
    if (known !== undefined) {
      known.reveal(ViewColumn.Beside, true);
      return known;
    }
    const name = workspace.asRelativePath(uri);
    const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    // The page needs no script, and reads nothing from the disk.
    const panel = window.createWebviewPanel("tightship-report", `Report: ${name}`, column, {
      enableScripts: false,
      localResourceRoots: [],
    });
    panel.onDidDispose(() => this.#panels.delete(uri.fsPath));
    this.#panels.set(uri.fsPath, panel);
    return panel;
  }
}

function activeUri(): Uri | undefined {
  return window.activeTextEditor?.document.uri;
}
