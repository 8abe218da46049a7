---@brief
---
--- https://example.org/OWNER/tightship
---
--- Shows where Docker Compose files and Dockerfiles can isolate containers better.
---
--- ```sh
--- pip install 'tightship[lsp]'
--- ```
---
--- It starts for any YAML, and stays silent about files that are not Compose files.

---@type vim.lsp.Config
return {
  cmd = { 'tightship', 'lsp' },
  filetypes = { 'dockerfile', 'yaml', 'yaml.docker-compose' },
  root_markers = { 'tightship.toml', '.git' },
}
