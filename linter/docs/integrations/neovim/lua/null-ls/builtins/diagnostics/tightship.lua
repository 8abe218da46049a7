-- A built-in of none-ls. With a language server, as in lsp/tightship.lua, there are also
-- fixes, hovers and lenses.
local h = require('null-ls.helpers')
local methods = require('null-ls.methods')

return h.make_builtin({
  name = 'tightship',
  meta = {
    url = 'https://example.org/OWNER/tightship',
    description = 'Shows where Docker Compose files and Dockerfiles can isolate containers better.',
  },
  method = methods.internal.DIAGNOSTICS,
  filetypes = { 'dockerfile', 'yaml.docker-compose' },
  generator_opts = {
    command = 'tightship',
    args = { 'check', '--output-format', 'json', '--stdin-filename', '$FILENAME', '-' },
    to_stdin = true,
    format = 'json',
    check_exit_code = function(code) return code <= 2 end,
    on_output = function(params)
      local found = {}
      for _, one in ipairs((params.output or {}).findings or {}) do
        table.insert(found, {
          row = one.start.line,
          col = one.start.column,
          end_row = one['end'].line,
          end_col = one['end'].column,
          code = one.rule,
          source = 'tightship',
          message = one.message,
          severity = h.diagnostics.severities[
            one.severity == 'info' and 'information' or one.severity
          ],
        })
      end
      return found
    end,
  },
  factory = h.generator_factory,
})
