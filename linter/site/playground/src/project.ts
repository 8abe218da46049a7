// The files that the page edits, and the project that it begins with.
import compose from "../../../docs/first-look/compose.yaml";
import type { Texts } from "./messages";

export const FILES = ["compose.yaml", "compose.override.yaml", ".env", "Dockerfile"] as const;
export type FileName = (typeof FILES)[number];

/** The project of the README. */
export const EXAMPLE: Texts = { "compose.yaml": compose };

export const isFile = (path: string): path is FileName =>
  (FILES as readonly string[]).includes(path);
