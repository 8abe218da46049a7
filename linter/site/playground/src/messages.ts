// What the page and its worker say to each other.
import type { Effect, Fixed, Result } from "./result";

/** The text of each file by its path. */
export type Texts = Readonly<Record<string, string>>;

export interface Request {
  readonly id: number;
  readonly texts: Texts;
  /** Rules, themes and sets to check; none for the default. */
  readonly select: readonly string[];
  /** The texts to compare with. */
  readonly before?: Texts;
  /** Apply all fixes with this effect, in place of a check. */
  readonly fix?: Effect;
}

export type Answer =
  | { readonly kind: "progress"; readonly step: string }
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "checked"; readonly id: number; readonly result: Result }
  | { readonly kind: "fixed"; readonly id: number; readonly fixed: Fixed }
  | { readonly kind: "failed"; readonly id: number; readonly error: string }
  | { readonly kind: "broken"; readonly error: string };
