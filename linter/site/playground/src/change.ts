// What edits change in a text, as lines that go and lines that come.
import { ChangeSet, type Text } from "@codemirror/state";
import { range } from "./place";
import type { Edit } from "./result";

export interface Hunk {
  readonly path: string;
  /** The number of the first line, from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

export const changesOf = (text: Text, edits: readonly Edit[]): ChangeSet =>
  ChangeSet.of(
    edits.map((edit) => ({ ...range(text, edit), insert: edit.text })),
    text.length,
  );

/** Return the change from one text to another, without what both begin and end with. */
export function replaced(text: Text, after: string): { from: number; to: number; insert: string } {
  const before = text.toString();
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < most - from && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

export function hunks(path: string, text: Text, edits: readonly Edit[]): Hunk[] {
  const changes = changesOf(text, edits);
  const after = changes.apply(text);
  const found: Hunk[] = [];
  changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    const removed = lines(text, fromA, toA);
    const added = lines(after, fromB, toB);
    let same = 0;
    while (removed.length && added.length && removed[0] === added[0]) {
      removed.shift();
      added.shift();
      same += 1;
    }
    while (removed.length && added.length && removed.at(-1) === added.at(-1)) {
      removed.pop();
      added.pop();
    }
    found.push({ path, line: text.lineAt(fromA).number + same, removed, added });
  });
  return found;
}

function lines(text: Text, from: number, to: number): string[] {
  const first = text.lineAt(from).number;
  const last = text.lineAt(to).number;
  return Array.from({ length: last - first + 1 }, (_, index) => text.line(first + index).text);
}
