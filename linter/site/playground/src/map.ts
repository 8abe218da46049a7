// The map of each project: the picture, the paths to the host and to data, the best change.
import { counted, h, prose, s } from "./dom";
import type { Box, Drawing, Line, ReachMap, Result } from "./result";

const TEXT_LINE = 17;
const FIRST_LINE = 21;

export function mapList(result: Result): HTMLElement {
  if (!result.maps.length)
    return h("p", { class: "empty" }, "Who reaches what in compose.yaml appears here.");
  return h("div", {}, ...result.maps.map((one, number) => project(one, number, result.maps.length)));
}

function project(map: ReachMap, number: number, many: number): HTMLElement {
  return h(
    "section",
    { class: "map", "aria-label": `Map of ${map.name}` },
    many > 1 && h("h2", {}, map.name),
    h("p", {}, `${map.heading}. ${map.counts}${map.counts.endsWith(".") ? "" : "."}`),
    map.paths.length > 0 && h("ol", { class: "paths" }, ...map.paths.map(path)),
    map.more_paths > 0 && h("p", {}, `and ${counted(map.more_paths, "more path")}`),
    map.change !== "" && h("p", {}, prose(map.change)),
    map.drawing !== null &&
      h(
        "div",
        { class: "picture", tabindex: "0", role: "group", "aria-label": `Picture of ${map.name}` },
        picture(map, map.drawing, number),
      ),
    map.doubts.length > 0 &&
      h("p", { class: "legend" }, "Only a run can tell: ", prose(map.doubts.join("; ")), "."),
    h(
      "p",
      { class: "legend" },
      "Thick border: data store. Dashed line: only a run can tell. A reachable service is not an exploitable one.",
    ),
  );
}

function path([nodes, reasons, certain]: ReachMap["paths"][number]): HTMLElement {
  const kind = nodes.at(-1) === "host" ? "host" : "";
  return h(
    "li",
    { class: kind },
    h("strong", {}, nodes.join(" → ")),
    !certain && " (possible)",
    h("br"),
    h("span", {}, prose(reasons.join(" / "))),
  );
}

function picture(map: ReachMap, drawing: Drawing, number: number): SVGSVGElement {
  const { width, height } = drawing;
  const arrow = (kind: string): SVGMarkerElement =>
    s(
      "marker",
      {
        id: `${kind}-${number}`,
        class: kind,
        viewBox: "0 0 8 8",
        refX: 7,
        refY: 4,
        markerWidth: 7,
        markerHeight: 7,
        orient: "auto",
      },
      s("path", { d: "M0 0L8 4L0 8Z" }),
    );
  return s(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `Who reaches what in ${map.name}: ${map.heading}`,
    },
    s("defs", {}, arrow("arrow"), arrow("host")),
    ...drawing.lines.map((one) => edge(one, number)),
    ...drawing.boxes.map(box),
  );
}

function edge(line: Line, number: number): SVGPathElement {
  const end = `url(#${line.kind === "host" ? "host" : "arrow"}-${number})`;
  return s("path", {
    class: `edge ${line.kind}${line.certain ? "" : " possible"}`,
    d: line.path,
    ...(line.arrow ? { "marker-end": end } : {}),
  });
}

function box({ kind, title, lines, x, y, width, height }: Box): SVGGElement {
  const isSquare = kind === "service" || kind === "store" || kind === "host";
  const texts = lines.map((text, at) =>
    s(
      "text",
      {
        class: at ? "small" : "",
        x: Math.round(x + width / 2),
        y: y + FIRST_LINE + TEXT_LINE * at,
        "text-anchor": "middle",
      },
      text,
    ),
  );
  const rect = s("rect", { x, y, width, height, rx: isSquare ? 6 : Math.floor(height / 2) });
  return s("g", { class: kind }, s("title", {}, title), rect, ...texts);
}
