// One editor for all files: each has its own text, history and findings.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Extension, type TransactionSpec } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { changesOf, hunks, replaced, type Hunk } from "./change";
import { language } from "./languages";
import type { Texts } from "./messages";
import { range } from "./place";
import { FILES, isFile, type FileName } from "./project";
import type { Edit, Place } from "./result";

export class Editor {
  readonly #view: EditorView;
  readonly #states = new Map<FileName, EditorState>();
  #file: FileName = "compose.yaml";

  constructor(
    parent: HTMLElement,
    private readonly changed: () => void,
  ) {
    for (const file of FILES) this.#states.set(file, this.#made(file, ""));
    this.#view = new EditorView({ parent, state: this.#kept(this.#file) });
  }

  get file(): FileName {
    return this.#file;
  }

  /** The files that have a text. */
  get texts(): Texts {
    const texts = FILES.map((file) => [file, this.#state(file).doc.toString()] as const);
    return Object.fromEntries(texts.filter(([, text]) => text.trim()));
  }

  /** Replace all texts; undo does not lead back. */
  set texts(texts: Texts) {
    for (const file of FILES) this.#states.set(file, this.#made(file, texts[file] ?? ""));
    this.#view.setState(this.#kept(this.#file));
    this.changed();
  }

  show(file: FileName): void {
    this.#states.set(this.#file, this.#view.state);
    this.#file = file;
    this.#view.setState(this.#kept(file));
  }

  focus(): void {
    this.#view.focus();
  }

  /** Select a place in the file that is shown. */
  select(place: Omit<Place, "path">): void {
    const { from, to } = range(this.#view.state.doc, place);
    this.#view.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  /** Make edits, all of which are about the texts as they are now. */
  apply(edits: readonly Edit[]): void {
    for (const file of FILES) {
      const own = edits.filter(({ path }) => path === file);
      if (!own.length) continue;
      const changes = changesOf(this.#state(file).doc, own);
      this.#update(file, { changes, userEvent: "input.fix" });
    }
    this.changed();
  }

  /** Change the texts of files to others; undo leads back. */
  rewrite(texts: Texts): void {
    for (const file of FILES) {
      const after = texts[file];
      if (after === undefined) continue;
      const changes = replaced(this.#state(file).doc, after);
      this.#update(file, { changes, userEvent: "input.fix" });
    }
    this.changed();
  }

  /** Return the lines that edits would change. */
  hunks(edits: readonly Edit[]): Hunk[] {
    return FILES.flatMap((file) => {
      const own = edits.filter(({ path }) => path === file);
      return own.length ? hunks(file, this.#state(file).doc, own) : [];
    });
  }

  /** Mark findings in all files. */
  mark(diagnostics: ReadonlyMap<FileName, Diagnostic[]>): void {
    for (const file of FILES)
      this.#update(file, setDiagnostics(this.#state(file), diagnostics.get(file) ?? []));
  }

  /** Return the range of a place, in a file that is edited. */
  range(place: Place): { from: number; to: number } | undefined {
    return isFile(place.path) ? range(this.#state(place.path).doc, place) : undefined;
  }

  #state(file: FileName): EditorState {
    return file === this.#file ? this.#view.state : this.#kept(file);
  }

  /** Return the state that the view has not; the one that it has is out of date here. */
  #kept(file: FileName): EditorState {
    const state = this.#states.get(file);
    if (!state) throw new Error(file);
    return state;
  }

  #update(file: FileName, change: TransactionSpec): void {
    if (file === this.#file) this.#view.dispatch(change);
    else this.#states.set(file, this.#state(file).update(change).state);
  }

  #made(file: FileName, doc: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        EXTENSIONS,
        language(file),
        EditorView.contentAttributes.of({ "aria-label": file, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.changed();
        }),
      ],
    });
  }
}

// Esc and then Tab leaves the editor.
const EXTENSIONS: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of("  "),
  highlightActiveLine(),
  lintGutter(),
  keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
];
