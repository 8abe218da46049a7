// The entry in the language status of a document: which server runs, or why none does.
import { languages, LanguageStatusSeverity, type Disposable } from "vscode";
import { JUDGED } from "./documents";
import type { Server } from "./finder";

export class Status implements Disposable {
  readonly #item = languages.createLanguageStatusItem("tightship", JUDGED);

  constructor() {
    this.#item.name = "Tightship";
    this.#item.command = { title: "Show Log", command: "tightship.showLog" };
    this.starting();
  }

  starting(): void {
    this.#show("Tightship", "starting", LanguageStatusSeverity.Information, true);
  }

  running(server: Server): void {
    const text = `Tightship ${server.version}`;
    this.#show(text, `from ${server.origin}`, LanguageStatusSeverity.Information);
  }

  failed(why: string): void {
    this.#show("Tightship", why, LanguageStatusSeverity.Error);
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, detail: string, severity: LanguageStatusSeverity, busy = false): void {
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = severity;
    this.#item.busy = busy;
  }
}
