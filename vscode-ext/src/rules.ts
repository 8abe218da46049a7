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
import type { Supervisor } from "./supervisor";

const SCHEME = "tightship-rule";

interface Rule {
  readonly name: string;
  readonly summary: string;
  readonly severity: string;
}

export class RulePages implements Disposable {
  readonly #supervisor: Supervisor;
  readonly #provider: Disposable;
  readonly #pages = new Map<string, string>();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    this.#provider = workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => this.#pages.get(uri.path),
    });
  }

  /** Shows the rule of a name; without one, lets the user choose. */
  async show(given: unknown): Promise<void> {
    const name = typeof given === "string" ? given : await this.#choose();
    if (name === undefined) return;
    const page = await this.#supervisor.ask("rule", name);
    if (page === undefined) {
      void window.showErrorMessage(`Tightship knows no rule ${name}, or does not run.`);
      return;
    }
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    this.#pages.set(uri.path, page);
    await commands.executeCommand("markdown.showPreview", uri);
  }

  dispose(): void {
    this.#provider.dispose();
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
