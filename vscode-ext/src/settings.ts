// What the user sets, below `tightship`.
import { extensions, workspace } from "vscode";
import { buildKitChecks, type BuildKitChecks } from "./checks";
import { features, type Choice } from "./features";
import type { Wishes } from "./finder";

export const SECTION = "tightship";

// A change of these needs another search; the server receives changes of the others.
const OF_THE_SEARCH = ["path", "importStrategy", "interpreter"];

/** What the finder wants to know of the settings and of the workspace. */
export function readWishes(): Omit<Wishes, "bundled" | "activePython"> {
  const settings = workspace.getConfiguration(SECTION);
  return {
    trusted: workspace.isTrusted,
    folders: (workspace.workspaceFolders ?? [])
      .filter((folder) => folder.uri.scheme === "file")
      .map((folder) => folder.uri.fsPath),
    path: settings.get<string[]>("path", []).filter((path) => path !== ""),
    importStrategy: settings.get<Wishes["importStrategy"]>("importStrategy", "fromEnvironment"),
    interpreter: settings.get<string>("interpreter", "").trim(),
  };
}

/** The settings, as the server receives them. */
export function forServer(): Record<string, unknown> {
  const settings = workspace.getConfiguration(SECTION);
  const chosen = settings.get<BuildKitChecks>("buildKitChecks", "auto");
  const isEnabled = (id: string) => extensions.getExtension(id) !== undefined;
  return {
    ...workspace.getConfiguration().get<object>(SECTION),
    buildKitChecks: buildKitChecks(chosen, isEnabled),
    features: features(
      (one) => settings.get<Choice>(`features.${one}`, "auto"),
      isEnabled,
    ),
    // What an untrusted repository sets may hide findings.
    trusted: workspace.isTrusted,
  };
}

/** Tells whether a change may lead to another server. */
export function concernsSearch(change: {
  affectsConfiguration(section: string): boolean;
}): boolean {
  return OF_THE_SEARCH.some((name) => change.affectsConfiguration(`${SECTION}.${name}`));
}
