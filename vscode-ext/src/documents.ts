// The documents that concern the server. The language ids are VS Code's own.
import { languages, type TextDocument } from "vscode";

/** What is judged wherever it is open; the server starts with the first of these. */
export const JUDGED: { scheme: string; language?: string; pattern?: string }[] = [
  { scheme: "file", language: "dockerfile" },
  { scheme: "file", language: "dockercompose" },
  { scheme: "file", language: "yaml", pattern: "**/*compose*.{yml,yaml}" },
];

/**
 * Further documents that the server receives once it runs, because a verdict may depend on
 * their unsaved text. Documents that no project reads are not among them. Editors disagree
 * on the language of some of these, so they go by their names.
 */
export const FOLLOWED: typeof JUDGED = [
  { scheme: "file", language: "dockerfile" },
  { scheme: "file", language: "dockercompose" },
  // Included and extended files may be called anything.
  { scheme: "file", language: "yaml" },
  // They have findings if `front-ends` in the configuration asks for that.
  { scheme: "file", language: "shellscript" },
  { scheme: "file", language: "makefile" },
  { scheme: "file", pattern: "**/{devcontainer.json,.devcontainer.json,*.container,*bake*.{hcl,json}}" },
  { scheme: "file", pattern: "**/{.env,.env.*,*.env}" },
  { scheme: "file", pattern: "**/{.dockerignore,*.dockerignore}" },
  { scheme: "file", pattern: "**/{tightship,.tightship,tightship-facts,pyproject}.toml" },
];

/** Tells whether a document is one that Tightship judges. */
export function isJudged(document: TextDocument): boolean {
  return languages.match(JUDGED, document) > 0;
}
