-- nvim --headless --clean -l neovim.lua FOLDER CONFIGURATION
-- Drives Neovim's own client as a user would, and prints what was seen as JSON. The
-- configuration is what the documentation tells users to write.
local folder, configuration = unpack(arg)
local PATIENCE = 20000
local seen = {}

vim.opt.swapfile = false

local function wait_for(what, condition)
  assert(vim.wait(PATIENCE, condition, 20), 'waited in vain for ' .. what)
end

local exit, ids = {}, {}
local start = vim.lsp.start
vim.lsp.start = function(config, options)
  config.on_exit = function(code, signal) exit = { code = code, signal = signal } end
  local id = start(config, options)
  table.insert(ids, id)
  return id
end
dofile(configuration)

local function open(name)
  vim.cmd.edit(folder .. '/' .. name)
  vim.cmd('filetype detect')
  return vim.api.nvim_get_current_buf()
end

local function codes(buffer)
  local all = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(all, one.code)
  end
  return all
end

local function has(buffer, code)
  return function() return vim.tbl_contains(codes(buffer), code) end
end

local function show(buffer)
  vim.api.nvim_win_set_buf(0, buffer)
end

local function go_to(buffer, code)
  show(buffer)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    if one.code == code then
      vim.api.nvim_win_set_cursor(0, { one.lnum + 1, one.col })
      return one
    end
  end
  error('nothing is called ' .. code)
end

-- Applies the actions of a kind as the editor's command does; `title` chooses one.
local function act(buffer, kind, title, options)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local offered = {}
  vim.ui.select = function(items, _, choose)
    for _, item in ipairs(items) do
      table.insert(offered, item.action.title)
      if item.action.title == title then return choose(item) end
    end
    error('no action is called ' .. title .. ', but ' .. table.concat(offered, ', '))
  end
  vim.lsp.buf.code_action(vim.tbl_extend('force', {
    context = { only = { kind } },
  }, options or {}))
  wait_for('the action ' .. kind, function()
    return vim.api.nvim_buf_get_changedtick(buffer) ~= tick
  end)
  return offered
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end

local compose = open('compose.yaml')
local dockerfile = open('Dockerfile')
wait_for('a server', function()
  local client = vim.lsp.get_client_by_id(ids[1])
  return client and client.initialized
end)
local client = vim.lsp.get_client_by_id(ids[1])
seen.one_server = #vim.tbl_filter(function(id) return id ~= client.id end, ids) == 0
  and #vim.tbl_keys(client.attached_buffers) == 2
seen.filetypes = { compose = vim.bo[compose].filetype, dockerfile = vim.bo[dockerfile].filetype }
seen.encoding = client.offset_encoding

-- An info is shown once the server has the settings.
wait_for('what is found in compose.yaml', has(compose, 'timezone-mount-writable'))
wait_for('what is found in the Dockerfile', has(dockerfile, 'add-instead-of-copy'))
seen.compose, seen.dockerfile = codes(compose), codes(dockerfile)

-- A quick fix, chosen by its title.
local found = go_to(compose, 'timezone-mount-writable')
seen.place = { found.lnum, found.col, found.end_lnum, found.end_col }
seen.source = found.source
act(compose, 'quickfix', 'Mount it read-only')
wait_for('the finding to go', function() return not has(compose, 'timezone-mount-writable')() end)
seen.compose_fixed = text(compose)

-- What a rule says, and what isolates a service.
local function hover(buffer, line, column)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = line, character = column },
  }
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', params, PATIENCE)
  local answer = answers and answers[client.id]
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result and answer.result.contents.value or ''
end
local socket = go_to(compose, 'docker-socket-mounted')
seen.hover = hover(compose, socket.lnum, socket.col)

-- All that is safe to fix.
show(dockerfile)
act(dockerfile, 'source.fixAll.tightship', nil, { apply = true })
wait_for('the findings to go', function() return #codes(dockerfile) == 0 end)
seen.dockerfile_fixed = text(dockerfile)

-- A stage is renamed in one buffer, and missed in the other; neither is saved.
local before = vim.api.nvim_buf_get_lines(dockerfile, 0, 1, false)
vim.api.nvim_buf_set_lines(dockerfile, 0, 1, false, { 'FROM python:3.13-slim AS other' })
wait_for('the stage to be missed', has(compose, 'undefined-stage'))
vim.api.nvim_buf_set_lines(dockerfile, 0, 1, false, before)
wait_for('the stage to be found', function() return not has(compose, 'undefined-stage')() end)
seen.modified = { vim.bo[compose].modified, vim.bo[dockerfile].modified }

client.stop()
wait_for('the server to stop', function() return client.is_stopped() and exit.code end)
seen.exit = exit
io.stdout:write(vim.json.encode(seen) .. '\n')
