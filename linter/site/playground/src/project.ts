// The files that the page edits, and the project that it begins with.
import override from "../../../docs/first-look/compose.override.yaml";
import compose from "../../../docs/first-look/compose.yaml";
import dockerfile from "../../../docs/first-look/Dockerfile";
import type { Texts } from "./messages";

export const FILES = ["compose.yaml", "compose.override.yaml", ".env", "Dockerfile"] as const;
export type FileName = (typeof FILES)[number];

/** All files, without a text. */
export const EMPTY: Texts = Object.fromEntries(FILES.map((file) => [file, ""]));

/** The project of the README. */
export const EXAMPLE: Texts = {
  "compose.yaml": compose,
  "compose.override.yaml": override,
  Dockerfile: dockerfile,
};

export const isFile = (path: string): path is FileName =>
  (FILES as readonly string[]).includes(path);
