// Whether the server reports BuildKit's checks, which Docker's own extension shows, too.

export type BuildKitChecks = "auto" | "on" | "off";

/** Docker's extension, whose language server runs these checks. */
export const DOCKERS = "docker.docker";

/** Returns what the server is told: only an editor knows of other extensions. */
export function buildKitChecks(
  setting: BuildKitChecks,
  isEnabled: (extension: string) => boolean,
): "on" | "off" {
  if (setting !== "auto") return setting;
  return isEnabled(DOCKERS) ? "off" : "on";
}
