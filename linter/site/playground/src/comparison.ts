// What has changed since a state of the texts that the page remembers: `tightship diff`.
import { button, h, prose } from "./dom";
import type { Difference, Direction, Result, ServiceChange } from "./result";

export interface Memory {
  readonly isSet: boolean;
  remember(): void;
  goBack(): void;
  forget(): void;
}

const SIGNS: Record<Direction, string> = { worse: "−", better: "+", neutral: "~" };

export function comparison(result: Result, memory: Memory): HTMLElement {
  const { changes } = result;
  if (!memory.isSet || !changes)
    return h(
      "div",
      {},
      h(
        "p",
        {},
        "Remember the files as they are, change them, and see which services get better or worse.",
      ),
      h("p", {}, button("Remember this state", () => memory.remember())),
    );
  return h(
    "div",
    { class: "comparison" },
    h(
      "p",
      { class: "all" },
      button("Remember this state", () => memory.remember()),
      button("Go back to it", () => memory.goBack()),
      button("Forget it", () => memory.forget()),
    ),
    h("p", { role: "status" }, `Since the remembered state: ${changes.summary}.`),
    ...changes.services.map(service),
    changes.gaps.length > 0 &&
      h("ul", { class: "gaps" }, ...changes.gaps.map((one) => h("li", {}, prose(one)))),
  );
}

function service(one: ServiceChange): HTMLElement {
  const grades = [...new Set(one.grades.filter(Boolean))].join(" → ");
  return h(
    "section",
    { class: "change-of", "aria-label": one.name },
    h(
      "h2",
      {},
      h("span", { class: `grade ${one.grades[1].slice(-1)}` }, grades),
      ` ${one.name}`,
      one.kind !== "" && h("span", { class: "kind" }, " ", prose(one.kind)),
    ),
    h("ul", { class: "differences" }, ...one.lines.map(difference)),
  );
}

function difference({ direction, what, text, places }: Difference): HTMLElement {
  return h(
    "li",
    { class: direction },
    h("span", { class: "sign", "aria-label": direction, role: "img" }, SIGNS[direction]),
    h(
      "span",
      {},
      prose(what ? `${what}: ${text}` : text),
      places.length > 0 && h("span", { class: "places" }, ` (${places.join(" → ")})`),
    ),
  );
}
