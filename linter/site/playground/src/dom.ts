// Elements, made of texts and never of markup.

type Child = Node | string | false | undefined;

/** Make an element; a class is set by `class`, and `on…` attributes are not possible. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((one) => one !== false && one !== undefined));
  return element;
}

export function button(label: Child, action: () => void, kind = ""): HTMLButtonElement {
  const made = h("button", { type: "button", class: kind }, label);
  made.addEventListener("click", action);
  return made;
}

/** Make an element of a picture. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
  element.append(...children);
  return element;
}

/** Return details whose body is made when they are opened; most never are. */
export function folded(summary: HTMLElement, body: () => Node): HTMLDetailsElement {
  const made = h("details", {}, summary);
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(body());
  });
  return made;
}

/** Return a message with what is between backquotes as code. */
export function prose(message: string): DocumentFragment {
  const made = document.createDocumentFragment();
  message.split("`").forEach((part, index, parts) => {
    // A backquote without a second one is a character like others.
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) made.append(h("code", {}, part));
    else made.append(index % 2 === 1 ? `\`${part}` : part);
  });
  return made;
}

export function found<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`no ${kind.name} #${id}`);
  return element;
}

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;
