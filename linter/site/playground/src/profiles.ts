// The isolation of each service: a grade, and the mechanisms behind it.
import { counted, folded, h, prose } from "./dom";
import { fixButton, placeButton, type Actions } from "./findings";
import type { Mechanism, Position, Profile, Result } from "./result";

const MARKS = { strong: "+", weak: "−", unknown: "?" } as const;
const ORDER = ["weak", "unknown", "strong"] as const;

/** Show the profiles; services in `opened` show their mechanisms. */
export function profileList(
  result: Result,
  opened: Set<string>,
  actions: Actions,
): HTMLElement {
  if (!result.profiles.length)
    return h("p", { class: "empty" }, "The isolation of services in compose.yaml appears here.");
  return h(
    "div",
    { class: "profiles" },
    h(
      "p",
      { class: "legend" },
      "Grades run from A to F; F gives away the host. A range means that something unknown decides. + strong, − weak, ? unknown.",
    ),
    ...result.profiles.map((one) => service(one, opened, actions)),
  );
}

function service(profile: Profile, opened: Set<string>, actions: Actions): HTMLElement {
  const weak = profile.mechanisms.filter(({ mark }) => mark === "weak").length;
  const summary = h(
    "summary",
    {},
    h("span", { class: `grade ${profile.worst}` }, grade(profile)),
    h("span", { class: "name" }, profile.service),
    h("span", { class: "count" }, weak ? counted(weak, "weak mechanism") : "none weak"),
  );
  const made = folded(summary, () => table(profile, actions));
  made.open = opened.has(profile.service);
  made.addEventListener("toggle", () => {
    if (made.open) opened.add(profile.service);
    else opened.delete(profile.service);
  });
  return made;
}

function table(profile: Profile, actions: Actions): HTMLElement {
  const rows = ORDER.flatMap((mark) => profile.mechanisms.filter((one) => one.mark === mark));
  return h("table", {}, h("tbody", {}, ...rows.map((row) => mechanism(row, actions))));
}

function mechanism(row: Mechanism, actions: Actions): HTMLElement {
  const { path, start } = row;
  return h(
    "tr",
    { class: row.mark },
    h("td", { class: "sign", title: row.mark }, MARKS[row.mark]),
    h("th", { scope: "row" }, row.name),
    h(
      "td",
      {},
      prose(row.state),
      path !== null && start !== null && place(path, start, actions),
      row.fix !== null && fixButton(row.fix, actions),
    ),
  );
}

const place = (path: string, start: Position, actions: Actions): HTMLElement =>
  h("span", {}, " ", placeButton({ path, start, end: start }, actions));

const grade = ({ best, worst }: Profile): string => (best === worst ? best : `${best}–${worst}`);
