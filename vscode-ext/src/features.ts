// Which features the server offers, where other extensions have them, too.

export type Choice = "auto" | "on" | "off";
export type Language = "compose" | "dockerfile";

export const FEATURES = [
  "completion",
  "definition",
  "folding",
  "highlight",
  "hints",
  "hover",
  "links",
  "references",
  "rename",
  "selection",
  "signatures",
  "symbols",
  "tokens",
] as const;
export type Feature = (typeof FEATURES)[number];

const LANGUAGES: Language[] = ["compose", "dockerfile"];

const OF_DOCKERFILES: Feature[] = [
  "completion",
  "definition",
  "folding",
  "highlight",
  "links",
  "rename",
  "signatures",
  "symbols",
  "tokens",
];

/**
 * What each extension offers, by the documentation and the source of its language server.
 * Hovers are not among it: ours have the findings, and editors show them below one another.
 */
const OFFERED: Record<string, Partial<Record<Language, Feature[]>>> = {
  "docker.docker": {
    compose: ["completion", "definition", "highlight", "hints", "links", "rename", "symbols"],
    dockerfile: ["links"],
  },
  "ms-azuretools.vscode-containers": { compose: ["completion", "links"], dockerfile: OF_DOCKERFILES },
  "ms-azuretools.vscode-docker": { compose: ["completion", "links"], dockerfile: OF_DOCKERFILES },
  "redhat.vscode-yaml": { compose: ["completion", "folding", "selection", "symbols"] },
};

/** Returns the languages in which each feature is on. */
export function features(
  choice: (feature: Feature) => Choice,
  isEnabled: (extension: string) => boolean,
): Record<Feature, Language[]> {
  const others = Object.keys(OFFERED).filter(isEnabled);
  const isOffered = (feature: Feature, language: Language) =>
    others.some((one) => OFFERED[one]?.[language]?.includes(feature) ?? false);
  const languages = (feature: Feature): Language[] => {
    const chosen = choice(feature);
    if (chosen !== "auto") return chosen === "on" ? LANGUAGES : [];
    return LANGUAGES.filter((language) => !isOffered(feature, language));
  };
  return Object.fromEntries(FEATURES.map((one) => [one, languages(one)])) as Record<
    Feature,
    Language[]
  >;
}
