// What the page and its worker say to each other.
import type { Result } from "./result";

/** The text of each file by its path. */
export type Texts = Readonly<Record<string, string>>;

export interface Request {
  readonly id: number;
  readonly texts: Texts;
  /** Rules, themes and sets to check; none for the default. */
  readonly select: readonly string[];
}

export type Answer =
  | { readonly kind: "progress"; readonly step: string }
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "checked"; readonly id: number; readonly result: Result }
  | { readonly kind: "failed"; readonly id: number; readonly error: string }
  | { readonly kind: "broken"; readonly error: string };
