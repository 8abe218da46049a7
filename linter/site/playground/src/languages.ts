// Colours of each file, in those of the page, so that light and dark need no second set.
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { yaml } from "@codemirror/lang-yaml";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import type { FileName } from "./project";

const style = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--key)" },
  { tag: tags.keyword, color: "var(--key)", fontWeight: "600" },
  { tag: [tags.string, tags.quote], color: "var(--string)" },
  { tag: tags.comment, color: "var(--comment)", fontStyle: "italic" },
  { tag: [tags.labelName, tags.typeName, tags.variableName], color: "var(--name)" },
  { tag: [tags.separator, tags.punctuation, tags.meta], color: "var(--faint)" },
]);

const LANGUAGES: Record<FileName, Extension> = {
  "compose.yaml": yaml(),
  "compose.override.yaml": yaml(),
  ".env": StreamLanguage.define(properties),
  Dockerfile: StreamLanguage.define(dockerFile),
};

export const language = (file: FileName): Extension => [
  LANGUAGES[file],
  syntaxHighlighting(style),
];
