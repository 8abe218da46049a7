"use strict";
// Hides what the filter leaves out. Without this script, the page shows everything.
const all = (what, where = document) => [...where.querySelectorAll(what)];
const bar = document.querySelector(".filter");
const fields = all("input, select", bar);
const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
const shown = (element) => element && !element.closest("[hidden]");
const ranks = { error: ["error"], warning: ["error", "warning"] };

function hide(elements, keeps) {
  for (const one of elements) one.hidden = !keeps(one);
}

function apply() {
  const value = Object.fromEntries(fields.map((one) => [one.name || "text", one.value]));
  const words = value.text.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = ranks[value.severity];
  const active = words.length > 0 || fields.some((one) => one.value);
  hide(all(".block"), (one) => !kept || kept.some((name) => one.classList.contains(name)));
  hide(all(".infos"), () => !kept);
  hide(all("article"), (one) => {
    const text = one.textContent.toLowerCase();
    return (
      (!value.grade || one.dataset.grade === value.grade) &&
      (!kept || all(".block", one).some((block) => !block.hidden)) &&
      words.every((word) => text.includes(word))
    );
  });
  hide(
    all(".project[data-purpose]"),
    (one) =>
      (!value.purpose || one.dataset.purpose === value.purpose) &&
      (!active ||
        one.querySelector(".unchecked") || // nothing is known of what was not checked
        all("article", one).some((article) => !article.hidden)),
  );
  hide(all(".overview a, .first a, nav li a"), (one) => shown(target(one)));
  hide(all(".overview tbody tr, .first li, nav li"), (one) => {
    const links = all("a", one);
    return links.length ? links.some((link) => !link.hidden) : !active;
  });
  const articles = all("article");
  bar.querySelector("[role=status]").textContent = active
    ? `${articles.filter(shown).length} of ${articles.length} shown`
    : "";
}

function reveal() {
  const found = location.hash && target(location);
  if (!found) return;
  if (!shown(found)) {
    for (const one of fields) one.value = "";
    apply();
  }
  for (let at = found; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  found.scrollIntoView();
}

bar.hidden = false;
bar.addEventListener("input", apply);
addEventListener("hashchange", reveal);
apply(); // A browser may have kept what was typed.
reveal();
