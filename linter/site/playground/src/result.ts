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

/** What a fix does to running containers. */
export type Effect = "keeps-behaviour" | "tightens" | "changes-behaviour";

export interface Fix {
  readonly title: string;
  readonly effect: Effect;
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

/** Who reaches what in a project. */
export interface ReachMap {
  readonly name: string;
  readonly heading: string;
  readonly counts: string;
  readonly change: string;
  /** Each with its nodes, the reason of each step, and whether it is certain. */
  readonly paths: readonly (readonly [readonly string[], readonly string[], boolean])[];
  readonly more_paths: number;
  readonly doubts: readonly string[];
  readonly drawing: Drawing | null;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export interface Box {
  readonly kind: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly kind: string;
  readonly path: string;
  readonly arrow: boolean;
  readonly certain: boolean;
}

export type Direction = "worse" | "better" | "neutral";

/** What has changed since the remembered texts. */
export interface Changes {
  readonly summary: string;
  readonly services: readonly ServiceChange[];
  readonly gaps: readonly string[];
}

export interface ServiceChange {
  readonly name: string;
  readonly kind: string;
  readonly direction: Direction;
  /** Before and after; empty without the service. */
  readonly grades: readonly [string, string];
  readonly lines: readonly Difference[];
}

export interface Difference {
  readonly direction: Direction;
  readonly what: string;
  readonly text: string;
  readonly places: readonly string[];
}

/** The texts that fixes have changed. */
export interface Fixed {
  readonly texts: Readonly<Record<string, string>>;
  readonly count: number;
  /** How many were refused, since the files would mean something else. */
  readonly left: number;
}

export interface Result {
  readonly findings: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly profiles: readonly Profile[];
  readonly services: number;
  readonly gaps: number;
  readonly maps: readonly ReachMap[];
  readonly changes: Changes | null;
}
