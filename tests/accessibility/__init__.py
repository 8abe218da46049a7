"""What axe-core finds in a page; `npm ci` in this folder installs it."""
