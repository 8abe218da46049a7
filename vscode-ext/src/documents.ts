// The documents that the server is told of. The language ids are VS Code's own.
import { languages, type TextDocument } from "vscode";

export const SELECTOR: { scheme: string; language: string; pattern?: string }[] = [
  { scheme: "file", language: "dockerfile" },
  { scheme: "file", language: "dockercompose" },
  { scheme: "file", language: "yaml", pattern: "**/*compose*.{yml,yaml}" },
];

/** Tells whether a document is one that Tightship reads. */
export function isOurs(document: TextDocument): boolean {
  return languages.match(SELECTOR, document) > 0;
}
