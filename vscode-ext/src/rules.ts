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
  readonly page: string;
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
    const rules = await this.#rules();
    if (rules.length === 0) {
      void window.showErrorMessage("Tightship does not run, and cannot tell its rules.");
      return;
    }
    const name = typeof given === "string" ? given : await choose(rules);
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) {
      if (name !== undefined) void window.showErrorMessage(`No rule is called ${name}.`);
      return;
    }
    const uri = Uri.from({ scheme: SCHEME, path: `/${rule.name}.md` });
    this.#pages.set(uri.path, rule.page);
    await commands.executeCommand("markdown.showPreview", uri);
  }

  dispose(): void {
    this.#provider.dispose();
  }

  async #rules(): Promise<Rule[]> {
    const answer = await this.#supervisor.ask("rule", "--output-format", "json");
    if (answer === undefined) return [];
    const { rules } = JSON.parse(answer) as { rules: Rule[] };
    return rules;
  }
}

/** Offers the rules, first those of what is found where the cursor is. */
async function choose(rules: readonly Rule[]): Promise<string | undefined> {
  const here = rulesAtCursor();
  const items = rules.map(({ name, summary, severity }): QuickPickItem => ({
    label: name,
    description: severity,
    detail: summary,
  }));
  items.sort((a, b) => Number(here.has(b.label)) - Number(here.has(a.label)));
  const options = { placeHolder: "The rule to explain", matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.label;
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
