// Shows the page of a rule, as the Tightship that serves has it.
import {
  commands,
  languages,
  Uri,
  window,
  workspace,
  type Disposable,
  type QuickPickItem,
} from "vscode";
import { pageOf, PAGES, ruleAt } from "./pages";
import type { Supervisor } from "./supervisor";

interface Rule {
  readonly name: string;
  readonly summary: string;
  readonly severity: string;
}

export class RulePages implements Disposable {
  readonly #supervisor: Supervisor;
  readonly #provider: Disposable;

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    this.#provider = workspace.registerTextDocumentContentProvider(PAGES, {
      provideTextDocumentContent: (uri) => this.#page(uri),
    });
  }

  /** Shows the rule of a name; without one, lets the user choose. */
  async show(given: unknown): Promise<void> {
    const name = typeof given === "string" ? given : await this.#choose();
    if (name === undefined) return;
    const uri = Uri.parse(pageOf(name));
    try {
      await workspace.openTextDocument(uri);
    } catch {
      void window.showErrorMessage(`Tightship knows no rule ${name}, or does not run.`);
      return;
    }
    await commands.executeCommand("vscode.open", uri);
  }

  dispose(): void {
    this.#provider.dispose();
  }

  async #page(uri: Uri): Promise<string> {
    const rule = ruleAt(uri.path);
    const page = rule && (await this.#supervisor.ask("rule", rule));
    if (!page) throw new Error(`Tightship has no page ${uri.path}, or does not run.`);
    return page;
  }

  async #choose(): Promise<string | undefined> {
    const answer = await this.#supervisor.ask("rule", "--output-format", "json");
    if (answer === undefined) {
      void window.showErrorMessage("Tightship does not run, and cannot tell its rules.");
      return undefined;
    }
    const { rules } = JSON.parse(answer) as { rules: Rule[] };
    const options = { placeHolder: "The rule to explain", matchOnDetail: true };
    return (await window.showQuickPick(items(rules), options))?.label;
  }
}

/** Offers the rules, first those of what is found where the cursor is. */
function items(rules: readonly Rule[]): QuickPickItem[] {
  const here = rulesAtCursor();
  const all = rules.map(({ name, summary, severity }) => ({
    label: name,
    description: severity,
    detail: summary,
  }));
  return all.sort((a, b) => Number(here.has(b.label)) - Number(here.has(a.label)));
}

function rulesAtCursor(): Set<unknown> {
  const editor = window.activeTextEditor;
  if (editor === undefined) return new Set();
  const cursor = editor.selection.active;
  const found = languages
    .getDiagnostics(editor.document.uri)
    .filter((one) => one.source === "tightship" && one.range.contains(cursor));
  return new Set(found.map(({ code }) => (typeof code === "object" ? code.value : code)));
}
