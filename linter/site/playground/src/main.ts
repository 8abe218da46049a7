// The page: texts go to the engine as they change, and results come back to four views.
import type { Hunk } from "./change";
import { comparison } from "./comparison";
import { button, counted, found, h } from "./dom";
import { Editor } from "./editor";
import { Engine } from "./engine";
import { diagnostics, findingList, summary, type Actions } from "./findings";
import { mapList } from "./map";
import type { Request, Texts } from "./messages";
import { profileList } from "./profiles";
import { EMPTY, EXAMPLE, FILES, isFile, type FileName } from "./project";
import type { Effect, Finding, Fix, Place, Result } from "./result";
import { fromFragment, toFragment } from "./share";
import { Tabs } from "./tabs";

/** Milliseconds between the last change and its check, which is not in the way of typing. */
const PAUSE = 60;

const status = found("status", HTMLElement);
const notice = found("notice", HTMLElement);
const views = {
  Findings: found("findings", HTMLElement),
  Isolation: found("isolation", HTMLElement),
  Map: found("map", HTMLElement),
  Compare: found("compare", HTMLElement),
};
const rules = found("rules", HTMLSelectElement);

const opened = new Set<string>();
let remembered: Texts | undefined;
// Results are about the texts of one change; those of an older one are not shown.
let change = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isFresh = false;
// What the next result is said with.
let said = "";

const engine = new Engine("worker.js", {
  progress: (step) => say(`${step} …`),
  ready: (version) => {
    document.documentElement.dataset["engine"] = version;
    void workOffline();
  },
  checked: (id, result) => {
    if (id !== change) return;
    isFresh = true;
    show(result);
    say(said ? `${said} · ${summary(result)}` : summary(result));
    said = "";
    performance.mark("checked");
  },
  fixed: (id, { texts, count, left }) => {
    if (id !== change) return;
    document.body.classList.remove("stale");
    if (!count) return say("No fix could be applied.");
    said = `Fixed ${counted(count, "finding")}${left ? `, ${left} not: their fixes do not fit together` : ""}`;
    editor.rewrite(texts);
  },
  failed: (id, error) => {
    if (id === change) say("The check failed.");
    complain("The check failed. Please report it with this message:", error);
  },
  broken: (error) => {
    say("The linter did not start.");
    complain(
      "The linter did not start. It needs a browser with WebAssembly and module workers, and the network on the first visit.",
      error,
      button("Reload", () => location.reload()),
    );
  },
});

const actions: Actions = { goTo, apply, applyAll, hunks };
const memory = {
  get isSet() {
    return remembered !== undefined;
  },
  remember: () => remember(editor.texts),
  forget: () => remember(undefined),
  goBack: () => editor.rewrite({ ...EMPTY, ...remembered }),
};
const editor = new Editor(found("editor", HTMLElement), changed);
const files = new Tabs<FileName>(
  found("files", HTMLElement),
  FILES,
  () => "editor",
  (file) => editor.show(file),
);
const results = new Tabs(
  found("results", HTMLElement),
  ["Findings", "Isolation", "Map", "Compare"] as const,
  (name) => views[name].id,
  (name) => {
    for (const [other, view] of Object.entries(views)) view.hidden = other !== name;
  },
);

found("example", HTMLButtonElement).addEventListener("click", () => begin());
found("clear", HTMLButtonElement).addEventListener("click", () => {
  editor.texts = {};
  editor.focus();
});
found("share", HTMLButtonElement).addEventListener("click", () => void share());
rules.addEventListener("change", changed);
addEventListener("hashchange", () => void restore());
void restore();

function changed(): void {
  isFresh = false;
  change += 1;
  document.body.classList.add("stale");
  clearTimeout(timer);
  timer = setTimeout(() => {
    performance.mark("asked");
    engine.ask(request());
  }, PAUSE);
}

const request = (): Request => ({
  id: change,
  texts: editor.texts,
  select: rules.value ? [rules.value] : [],
  ...(remembered && { before: remembered }),
});

function remember(texts: Texts | undefined): void {
  remembered = texts;
  changed();
}

function show(result: Result): void {
  document.body.classList.remove("stale");
  views.Findings.replaceChildren(findingList(result, actions));
  views.Isolation.replaceChildren(profileList(result, opened, actions));
  views.Map.replaceChildren(mapList(result));
  views.Compare.replaceChildren(comparison(result, memory));
  editor.mark(diagnostics(result, editor, actions));
  results.badge("Findings", String(result.findings.length || ""));
  const toHost = result.maps.flatMap(({ paths }) => paths.filter(([nodes]) => nodes.at(-1) === "host"));
  results.badge("Map", String(toHost.length || ""), "error");
  const worse = result.changes?.services.filter(({ direction }) => direction === "worse") ?? [];
  results.badge("Compare", String(worse.length || ""), "error");
  for (const file of FILES) {
    const own = result.findings.filter(({ path }) => path === file);
    files.badge(file, String(own.length || ""), worst(own));
  }
}

const worst = (findings: readonly Finding[]): string =>
  (["error", "warning", "info"] as const).find((severity) =>
    findings.some((one) => one.severity === severity),
  ) ?? "";

function goTo(place: Place): void {
  if (!isFile(place.path)) return;
  files.select(place.path);
  editor.select(place);
}

// The places of a fix are those of the text that was checked.
function hunks(fix: Fix): Hunk[] {
  return isFresh ? editor.hunks(fix.edits) : [];
}

function apply(fix: Fix): void {
  if (!isFresh) return;
  const [first] = fix.edits;
  editor.apply(fix.edits);
  if (first && isFile(first.path) && first.path !== editor.file) files.select(first.path);
}

function applyAll(fix: Effect): void {
  if (!isFresh) return;
  say("Fixing …");
  document.body.classList.add("stale");
  engine.ask({ ...request(), fix });
}

function begin(): void {
  notice.replaceChildren();
  editor.texts = EXAMPLE;
  files.select("compose.yaml");
}

async function restore(): Promise<void> {
  try {
    const shared = await fromFragment(location.hash);
    if (!shared) return begin();
    notice.replaceChildren();
    if ([...rules.options].some(({ value }) => value === shared.set)) rules.value = shared.set;
    editor.texts = shared.texts;
    files.select(FILES.find((file) => shared.texts[file]) ?? "compose.yaml");
  } catch (error) {
    begin();
    complain("The link is damaged, so this is the example.", String(error));
  }
}

async function share(): Promise<void> {
  try {
    history.replaceState(
      null,
      "",
      await toFragment({ texts: editor.texts, set: rules.value }),
    );
  } catch (error) {
    return complain("This browser cannot make a link.", String(error));
  }
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch {
    say("The link is in the address bar.");
  }
}

function say(text: string): void {
  status.textContent = text;
}

function complain(message: string, detail: string, ...more: Node[]): void {
  notice.replaceChildren(
    h(
      "div",
      { class: "notice", role: "alert" },
      h("p", {}, message),
      h("pre", {}, detail.trim()),
      ...more,
      button("Close", () => notice.replaceChildren()),
    ),
  );
}

// Once all is loaded, it is kept: the browser's own cache has what is fetched again here.
async function workOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("service-worker.js");
    await navigator.serviceWorker.ready;
    document.documentElement.dataset["offline"] = "ready";
  } catch {
    // Without it the page works, as long as the server does.
  }
}
