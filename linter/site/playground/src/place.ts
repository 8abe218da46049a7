// From the linter's positions to the editor's offsets.
import type { Text } from "@codemirror/state";
import type { Place, Position } from "./result";

export interface Range {
  readonly from: number;
  readonly to: number;
}

const MARK = "\uFEFF"; // A byte order mark, which the linter does not count.

/** Return the offset of a position; the linter counts code points, and strings do not. */
export function offset(text: Text, { line, column }: Position): number {
  const { from, text: content } = text.line(Math.min(Math.max(line, 1), text.lines));
  let at = line === 1 && content.startsWith(MARK) ? 1 : 0;
  for (let left = column - 1; left > 0 && at < content.length; left--)
    at += (content.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return from + at;
}

export function range(text: Text, { start, end }: Omit<Place, "path">): Range {
  return { from: offset(text, start), to: offset(text, end) };
}
