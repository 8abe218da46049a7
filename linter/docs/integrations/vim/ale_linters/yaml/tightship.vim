" Author: The Tightship authors
" Description: Shows where Docker Compose files and Dockerfiles can isolate containers better

call ale#Set('yaml_tightship_executable', 'tightship')

function! ale_linters#yaml#tightship#Root(buffer) abort
    let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')

    return empty(l:git)
    \   ? expand('#' . a:buffer . ':p:h')
    \   : fnamemodify(l:git, ':p:h:h')
endfunction

call ale#linter#Define('yaml', {
\   'name': 'tightship',
\   'lsp': 'stdio',
\   'executable': {b -> ale#Var(b, 'yaml_tightship_executable')},
\   'command': '%e lsp',
\   'project_root': function('ale_linters#yaml#tightship#Root'),
\})
