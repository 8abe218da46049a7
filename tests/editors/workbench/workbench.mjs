// The workbench through its page: what a user presses, types and reads.
const PATIENCE = 40_000;
const TRIES = 4;

export class Workbench {
  #page;
  #artefacts;
  #shots = 0;

  constructor(page, artefacts) {
    this.#page = page;
    this.#artefacts = artefacts;
    page.setDefaultTimeout(PATIENCE);
  }

  async open(url) {
    await this.#page.goto(url);
    await this.#page.waitForSelector(".monaco-workbench .statusbar");
  }

  async shoot(what, clip) {
    this.#shots += 1;
    const number = String(this.#shots).padStart(2, "0");
    await this.#page.screenshot({ path: `${this.#artefacts}-${number}-${what}.png`, clip });
  }

  /** Runs a command of the palette. The palette loses races for the focus: so try again. */
  async command(title) {
    for (let left = TRIES; ; left--) {
      try {
        await this.#page.keyboard.press("F1");
        const input = this.#page.locator(".quick-input-widget input").first();
        await input.fill(`>${title}`, { timeout: 5000 });
        const rows = this.#page.locator(".quick-input-list .monaco-list-row");
        await rows.filter({ hasText: title }).first().click({ timeout: 10_000 });
        return;
      } catch (error) {
        if (left === 1) throw error;
        await this.#page.keyboard.press("Escape");
        await this.pause(500);
      }
    }
  }

  /** Chooses from a list that asks for it. */
  async choose(what) {
    const rows = this.#page.locator(".quick-input-list .monaco-list-row");
    await this.#page.locator('.quick-input-widget input[placeholder^="The rule"]').fill(what);
    await rows.filter({ hasText: what }).first().click();
  }

  /** Waits for the preview of a page of Markdown, and returns its text. */
  async preview(title) {
    const outer = this.#page.frameLocator("iframe.webview.ready").last();
    const body = outer.frameLocator("iframe#active-frame").locator("body");
    await body.getByText(title).first().waitFor();
    return oneLine(await body.innerText());
  }

  async file(name) {
    await this.#page.getByRole("treeitem", { name }).first().dblclick();
    await this.#page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.#page.locator(".monaco-editor .view-line").first().waitFor();
  }

  /** Waits for a row of Problems, and returns it. */
  async problem(text) {
    const row = this.#problems().filter({ hasText: text }).first();
    await row.waitFor();
    return row;
  }

  async noProblem(text) {
    await this.#problems().filter({ hasText: text }).first().waitFor({ state: "detached" });
  }

  async problems() {
    return (await this.#problems().allInnerTexts()).map(oneLine);
  }

  #problems() {
    return this.#page.locator(".markers-panel .monaco-list-row");
  }

  /** Goes from a row of Problems to its place in the editor. */
  async goTo(text) {
    await (await this.problem(text)).dblclick();
    await this.#page.locator(".monaco-editor.focused").first().waitFor();
  }

  /** Follows the link that the code of a problem is, in its row or in a hover. */
  async followCode(text) {
    await (await this.problem(text)).locator("a.monaco-link").click();
  }

  async followCodeInHover() {
    await this.#page.locator(".monaco-hover:not(.hidden) a.code-link").first().click();
  }

  /** Opens the menu of quick fixes at the cursor, and returns what it offers. */
  async quickFixes() {
    await this.command("Quick Fix...");
    const actions = this.#page.locator(".action-widget .monaco-list-row.action");
    await actions.first().waitFor();
    return (await actions.allInnerTexts()).map(oneLine);
  }

  /** Accepts the one that the menu has selected; a click would race with its focus. */
  async press(key) {
    await this.#page.keyboard.press(key);
  }

  /** Goes to the first word of a line. */
  async goToLine(number) {
    await this.press("Control+g");
    const input = this.#page.locator(".quick-input-widget input").first();
    await input.fill(`:${number}`);
    await this.press("Enter");
    await this.#page.locator(".monaco-editor.focused").first().waitFor();
    await this.press("End");
    await this.press("Home");
  }

  async isActive(name) {
    await this.#page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Waits until the status bar shows the place of the cursor. */
  async isAt(place) {
    const entry = this.#page.locator('[id="status.editor.selection"]');
    await entry.filter({ hasText: place }).waitFor();
  }

  /** Waits for what is suggested at the cursor, and returns it. */
  async suggestions() {
    const rows = this.#page.locator(".suggest-widget.visible .monaco-list-row");
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map(oneLine);
  }

  /** Gives the name at the cursor, which is being renamed, another one. */
  async rename(name) {
    const input = this.#page.locator(".rename-box input");
    await input.waitFor();
    await input.fill(name);
    await this.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  async type(text) {
    await this.#page.keyboard.type(text, { delay: 20 });
  }

  async line(text) {
    await this.#page.locator(".view-line").filter({ hasText: text }).first().waitFor();
  }

  /**
   * Shows the hover at the cursor, and returns it. Keys do it: a click on the palette
   * would leave the mouse over the text, and a mouse that is elsewhere closes the hover.
   */
  async hover(text) {
    await this.press("Control+k");
    await this.press("Control+i");
    const hover = this.#page.locator(".monaco-hover:not(.hidden)").filter({ hasText: text });
    await hover.first().waitFor();
    return oneLine(await hover.first().innerText());
  }

  /** A lens that does nothing when it is clicked is no link. */
  async lenses() {
    const lenses = this.#page.locator(".codelens-decoration > :is(a, span)");
    await lenses.first().waitFor();
    return (await lenses.allInnerTexts()).map(oneLine);
  }

  /** Waits until the lenses are these. */
  async lensesBecome(expected) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const lenses = await this.lenses();
      if (lenses.join() === expected.join()) return lenses;
      if (Date.now() > end) throw new Error(`the lenses stay ${lenses.join()}`);
      await this.pause(50);
    }
  }

  /** Waits until the lenses are not what they were. */
  async lensesOtherThan(before) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const lenses = await this.lenses();
      if (lenses.join() !== before.join()) return lenses;
      if (Date.now() > end) throw new Error(`the lenses stay ${lenses.join()}`);
      await this.pause(50);
    }
  }

  countLenses() {
    return this.#page.locator(".codelens-decoration > :is(a, span)").count();
  }

  async closeTab(name) {
    const tab = this.#page.locator(`.tab.active[data-resource-name="${name}"]`);
    await tab.locator(".codicon-close").click();
    await tab.waitFor({ state: "detached" });
  }

  async isUnsaved(name) {
    return (await this.#page.locator(`.tab.dirty[data-resource-name="${name}"]`).count()) === 1;
  }

  async notification(text) {
    const toast = this.#page.locator(".notification-toast").filter({ hasText: text }).first();
    await toast.waitFor();
    return oneLine(await toast.innerText());
  }

  async notifications() {
    return this.#page.locator(".notification-toast").count();
  }

  /** The entries of the language status, at the braces in the status bar. */
  async languageStatus() {
    await this.#page.locator('[id="status.languageStatus"]').hover();
    const entry = this.#page.locator(".hover-language-status").filter({ hasText: "Tightship" });
    await entry.first().waitFor();
    return oneLine(await entry.first().innerText());
  }

  async pause(milliseconds) {
    await this.#page.waitForTimeout(milliseconds);
  }
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
