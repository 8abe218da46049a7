// The list of findings, with their fixes.
import type { Diagnostic } from "@codemirror/lint";
import type { Hunk } from "./change";
import { button, counted, folded, h, prose } from "./dom";
import type { Editor } from "./editor";
import { isFile, type FileName } from "./project";
import type { Effect, Finding, Fix, Place, Related, Result, Severity } from "./result";

export interface Actions {
  goTo(place: Place): void;
  apply(fix: Fix): void;
  /** Apply all fixes with an effect. */
  applyAll(effect: Effect): void;
  /** Return the lines that a fix would change. */
  hunks(fix: Fix): Hunk[];
}

const EFFECTS: readonly Effect[] = ["keeps-behaviour", "tightens", "changes-behaviour"];
const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

export function findingList(result: Result, actions: Actions): HTMLElement {
  if (!result.findings.length)
    return h("p", { class: "empty" }, result.services ? "No findings." : "Nothing to report.");
  const sorted = SEVERITIES.flatMap((severity) =>
    result.findings.filter((one) => one.severity === severity),
  );
  const items = sorted.map((one) => item(one, actions));
  return h("div", {}, all(result, actions), h("ol", { class: "findings" }, ...items));
}

/** Return a button for all fixes of each effect that there are. */
function all(result: Result, actions: Actions): HTMLElement | false {
  const fixes = result.findings.flatMap(({ fix }) => (fix ? [fix] : []));
  const buttons = EFFECTS.flatMap((effect) => {
    const count = fixes.filter((fix) => fix.effect === effect).length;
    const label = `Fix all ${count} (${words(effect)})`;
    return count ? [button(label, () => actions.applyAll(effect))] : [];
  });
  return buttons.length > 0 && h("p", { class: "all" }, ...buttons);
}

/** Say how many findings there are, and how many of each severity. */
export function summary(result: Result): string {
  const counts = SEVERITIES.map((severity) => {
    const count = result.findings.filter((one) => one.severity === severity).length;
    return count && (severity === "info" ? `${count} info` : counted(count, severity));
  }).filter(Boolean);
  const parts = [counts.length ? counts.join(", ") : "No findings"];
  if (result.accepted.length) parts.push(`${result.accepted.length} accepted by a comment`);
  if (result.gaps) parts.push(`${counted(result.gaps, "part")} not checked`);
  return parts.join(" · ");
}

/** Return what the editor shows at the places of findings, by file. */
export function diagnostics(
  result: Result,
  editor: Editor,
  actions: Actions,
): Map<FileName, Diagnostic[]> {
  const made = new Map<FileName, Diagnostic[]>();
  for (const finding of result.findings) {
    const range = editor.range(finding);
    if (!range || !isFile(finding.path)) continue;
    const { fix } = finding;
    const actionsOfFinding = fix
      ? [{ name: `Fix (${words(fix.effect)})`, apply: () => actions.apply(fix) }]
      : [];
    const diagnostic: Diagnostic = {
      ...range,
      severity: finding.severity,
      source: finding.rule,
      message: finding.message,
      renderMessage: () => h("span", {}, prose(finding.message)),
      actions: actionsOfFinding,
    };
    made.set(finding.path, [...(made.get(finding.path) ?? []), diagnostic]);
  }
  return made;
}

export function fixButton(fix: Fix, actions: Actions): HTMLElement {
  const label = h("span", {}, prose(fix.title), h("span", { class: "mark" }, words(fix.effect)));
  const made = button(label, () => actions.apply(fix), `fix ${fix.effect}`);
  return made;
}

export function placeButton(place: Place, actions: Actions): HTMLElement {
  const { line, column } = place.start;
  return button(`${place.path}:${line}:${column}`, () => actions.goTo(place), "place");
}

function item(finding: Finding, actions: Actions): HTMLElement {
  const { fix, help, absorbed } = finding;
  return h(
    "li",
    { class: finding.severity },
    h(
      "p",
      { class: "message" },
      h("span", { class: "severity" }, finding.severity),
      prose(finding.message),
    ),
    h(
      "p",
      { class: "about" },
      placeButton(finding, actions),
      h("a", { href: `../rules/${finding.rule}.html`, target: "_blank" }, finding.rule),
    ),
    finding.related.length > 0 &&
      h("ul", { class: "related" }, ...finding.related.map((one) => related(one, actions))),
    absorbed.length > 0 && h("p", { class: "absorbed" }, `Includes ${absorbed.join(", ")}`),
    help !== null && h("p", { class: "help" }, prose(sentence(help))),
    fix !== null &&
      h(
        "div",
        { class: "remedy" },
        fixButton(fix, actions),
        fix.proof !== "" && h("p", {}, sentence(`Proof: ${fix.proof}`)),
        fix.may_break !== "" && h("p", {}, "May break: ", prose(fix.may_break)),
        folded(h("summary", { class: "change" }, "Change"), () => lines(actions.hunks(fix))),
      ),
  );
}

function related(one: Related, actions: Actions): HTMLElement {
  return h("li", {}, placeButton(one, actions), " ", prose(one.message));
}

function lines(hunks: readonly Hunk[]): HTMLElement {
  const made = h("pre");
  for (const { path, line, removed, added } of hunks)
    made.append(
      h("span", { class: "hunk" }, `${path}:${line}\n`),
      ...removed.map((text) => h("del", {}, `- ${text}\n`)),
      ...added.map((text) => h("ins", {}, `+ ${text}\n`)),
    );
  return made;
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

const words = (effect: Effect): string => effect.replace("-", " ");
