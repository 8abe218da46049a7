// Texts in the fragment of an address. No browser sends the fragment to a server.
import type { Texts } from "./messages";

/** What a link holds. */
export interface Shared {
  readonly texts: Texts;
  readonly set: string;
}

/** A link that unpacks to more than this is refused. */
export const MOST = 1_000_000;
const FORM = "#1.";

export async function toFragment(shared: Shared): Promise<string> {
  const packed = await through(
    new TextEncoder().encode(JSON.stringify(shared)),
    new CompressionStream("deflate-raw"),
  );
  const letters = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  return FORM + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return what a fragment holds, or nothing if it is not of this page; raise if damaged. */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith(FORM)) return undefined;
  const letters = atob(fragment.slice(FORM.length).replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const bytes = await through(packed, new DecompressionStream("deflate-raw"));
  return read(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
}

function read(value: unknown): Shared {
  const { texts, set } = value as { texts?: unknown; set?: unknown };
  if (typeof texts !== "object" || texts === null || typeof set !== "string")
    throw new Error("not the texts of a project");
  const entries = Object.entries(texts).filter(([, text]) => typeof text === "string");
  return { texts: Object.fromEntries(entries) as Texts, set };
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) {
      await reader.cancel();
      throw new Error("the text is too long");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
