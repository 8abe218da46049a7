// What the theme leaves out for people who use a keyboard or a screen reader.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search")
document.querySelector(".md-nav--primary")?.setAttribute("aria-label", "All pages")

// The buttons of each code block have their own name, and a block that scrolls takes the focus.
function improve(block) {
  const number = blocks.indexOf(block) + 1
  for (const nav of block.querySelectorAll("nav"))
    nav.setAttribute("aria-label", `Code block ${number}`)
  for (const code of block.querySelectorAll("code"))
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0
}
const observer = new MutationObserver((changes) => {
  for (const { target } of changes) if (target.localName === "pre") improve(target)
})
const blocks = [...document.querySelectorAll(".highlight pre")]
for (const block of blocks) {
  improve(block)
  observer.observe(block, { childList: true })
}
