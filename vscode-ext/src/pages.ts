// The addresses of the pages of rules, as the server links findings to them.
const RULE = "{rule}";

export const PAGES = "tightship-rule";
/** The address of any page, with a place for the name of the rule. */
export const PAGE = `${PAGES}:/${RULE}.md`;

export function pageOf(rule: string): string {
  return PAGE.replace(RULE, rule);
}

/** Returns the rule that a path of such an address is about, if it may be one. */
export function ruleAt(path: string): string | undefined {
  return /^\/([a-z][a-z0-9-]*)\.md$/.exec(path)?.[1];
}
