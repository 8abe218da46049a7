// The values of `tightship.api`, as `check.py` writes them: linter/docs/api.md.

export type Severity = "error" | "warning" | "info";

/** A position between two characters; both numbers count from 1, columns in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Place {
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Edit extends Place {
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly effect: "keeps-behaviour" | "tightens" | "changes-behaviour";
  /** How it is known that the service works with it, or nothing. */
  readonly proof: string;
  readonly may_break: string;
  readonly edits: readonly Edit[];
}

export interface Related extends Place {
  readonly message: string;
}

export interface Finding extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly subject: string | null;
  readonly related: readonly Related[];
  readonly fix: Fix | null;
  /** What to do where there is no fix. */
  readonly help: string | null;
  readonly absorbed: readonly string[];
}

export interface Mechanism {
  readonly name: string;
  readonly mark: "strong" | "weak" | "unknown";
  readonly state: string;
  readonly path: string | null;
  readonly start: Position | null;
  readonly weaknesses: readonly string[];
  readonly fix: Fix | null;
}

export interface Profile {
  readonly service: string;
  readonly path: string;
  readonly start: Position;
  readonly best: string;
  readonly worst: string;
  readonly mechanisms: readonly Mechanism[];
}

export interface Result {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly profiles: readonly Profile[];
  readonly services: number;
  readonly gaps: number;
}
