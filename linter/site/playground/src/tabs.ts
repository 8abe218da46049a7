// A row of tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/.
import { h } from "./dom";

export class Tabs<Name extends string> {
  readonly #tabs = new Map<Name, HTMLButtonElement>();
  #selected: Name;

  constructor(
    list: HTMLElement,
    names: readonly Name[],
    panelOf: (name: Name) => string,
    private readonly show: (name: Name) => void,
  ) {
    const [first] = names;
    if (first === undefined) throw new Error("no tabs");
    this.#selected = first;
    for (const name of names) {
      const panel = panelOf(name);
      const tab = h("button", { type: "button", role: "tab", "aria-controls": panel }, name);
      tab.append(h("span", { class: "badge" }));
      tab.addEventListener("click", () => this.select(name));
      this.#tabs.set(name, tab);
      list.append(tab);
    }
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const at = names.indexOf(this.#selected) + step + names.length;
      const next = names[at % names.length];
      if (next === undefined) return;
      this.select(next);
      this.#tabs.get(next)?.focus();
    });
    this.#paint();
  }

  select(name: Name): void {
    this.#selected = name;
    this.#paint();
    this.show(name);
  }

  /** Show a count beside a name, with the class of the most severe. */
  badge(name: Name, text: string, kind = ""): void {
    const badge = this.#tabs.get(name)?.querySelector(".badge");
    if (!badge) return;
    badge.textContent = text;
    badge.className = `badge ${kind}`;
  }

  #paint(): void {
    for (const [name, tab] of this.#tabs) {
      const isSelected = name === this.#selected;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      if (isSelected) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}
