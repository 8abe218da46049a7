// The filters of the index of rules. Their state is in the fragment of the address, as in
// `#severity=error,warning&q=DL3008`, so that a link shows what its sender saw. A fragment
// without `=` is the name of a section, as everywhere.
const form = document.querySelector(".rule-filters")
if (form) {
  const FACETS = ["theme", "severity", "language", "set", "fix"]
  const rows = [...document.querySelectorAll("table.rules tbody tr")].map((row) => {
    const { ids, ...facts } = row.dataset
    facts.theme = row.closest("table").dataset.theme
    const name = [...row.querySelector("th").children].map((part) => part.textContent)
    return { row, facts, text: plain([...name, ids].join(" ")) }
  })
  const tables = [...document.querySelectorAll("table.rules")].map((table) => ({
    table,
    heading: table.previousElementSibling,
    contents: document.querySelector(
      `.md-nav--secondary a[href="#${table.previousElementSibling.id}"]`,
    )?.closest("li"),
  }))
  const status = form.querySelector("output")
  const folded = form.querySelector("details")
  const isNarrow = matchMedia("(max-width: 48em)")

  // `-` and `_` are the same in names and ids. Some ids are known with their linter before
  // them, or as a whole UUID, of which a rule has the first part.
  function plain(text) {
    return text
      .toLowerCase()
      .replace(/\b(hadolint|compose-lint)[:/](?=\w)/g, "")
      .replace(/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "$1")
      .replaceAll("_", "-")
  }

  function chosen() {
    const data = new FormData(form)
    const state = new Map()
    for (const facet of FACETS) {
      const values = data.getAll(facet).filter(Boolean)
      if (values.length) state.set(facet, values)
    }
    const query = data.get("q").trim()
    return { state, query }
  }

  function apply() {
    const { state, query } = chosen()
    const words = plain(query).split(/\s+/).filter(Boolean)
    let count = 0
    for (const { row, facts, text } of rows) {
      const fits = (values, facet) => facts[facet].split(" ").some((one) => values.includes(one))
      row.hidden = !(
        [...state].every(([facet, values]) => fits(values, facet)) &&
        words.every((word) => text.includes(word))
      )
      if (!row.hidden) count += 1
    }
    for (const { table, heading, contents } of tables) {
      const empty = !table.querySelector("tbody tr:not([hidden])")
      table.hidden = heading.hidden = empty
      if (contents) contents.hidden = empty
    }
    status.value = `${count} of ${rows.length} rules`
    form.classList.toggle("filtered", state.size > 0 || query !== "")
    folded.firstElementChild.textContent = state.size ? `Filters (${state.size} used)` : "Filters"
  }

  function write() {
    const { state, query } = chosen()
    const parts = [...state].map(([facet, values]) => `${facet}=${values.join(",")}`)
    if (query) parts.push(`q=${encodeURIComponent(query)}`)
    const fragment = parts.length ? `#${parts.join("&")}` : ""
    history.replaceState(null, "", location.pathname + location.search + fragment)
  }

  function read() {
    const fragment = location.hash.slice(1)
    const state = new URLSearchParams(fragment.includes("=") ? fragment : "")
    form.elements.q.value = state.get("q") ?? ""
    form.elements.theme.value = state.get("theme") ?? ""
    for (const box of form.querySelectorAll("[type=checkbox]"))
      box.checked = (state.get(box.name) ?? "").split(",").includes(box.value)
    apply()
  }

  form.addEventListener("input", () => {
    apply()
    write()
  })
  form.addEventListener("submit", (event) => event.preventDefault())
  form.addEventListener("reset", () =>
    // The values change after this event.
    setTimeout(() => {
      apply()
      write()
      form.elements.q.focus()
    }),
  )
  // On a narrow screen they would push the rules out of sight.
  const fold = () => (folded.open = !isNarrow.matches)
  isNarrow.addEventListener("change", fold)
  fold()
  addEventListener("hashchange", read)
  form.hidden = false
  read()
}
