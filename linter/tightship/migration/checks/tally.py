"""The checks of tally 0.45 that are its own; the others have the ids of their linters."""

from __future__ import annotations

TALLY = """
tally:asset-precompile-without-dummy-key | Ruby: assets compiled with the master key | app
tally:bootsnap-precompile-without-j1 | Ruby: bootsnap in parallel | app
tally:circular-stage-deps | stages that need each other |
tally:composer-no-dev-in-production | PHP: development packages | app
tally:consistent-indentation | indentation | style
tally:copy-after-user-without-chown | files that stay root's below USER |
tally:copy-from-empty-scratch-stage | COPY from an empty stage |
tally:cuda-version-mismatch | CUDA: versions that do not fit | app
tally:curl-should-follow-redirects | curl without `-L` | tool
tally:deprecated-bundler-install-flags | Ruby: old options of bundler | app
tally:enable-opcache-in-production | PHP: no opcache | app
tally:eol-last | no final line break | style
tally:eol-ruby-version | Ruby: a version past its end of life | app
tally:epilogue-order | the order of the last instructions | style
tally:error-action-preference | PowerShell: errors that do not end the build | windows
tally:healthcheck-rails-up-endpoint | Ruby: the HEALTHCHECK of Rails | app
tally:invalid-json-form | brackets that are no JSON |
tally:invalid-onbuild-trigger | instructions that ONBUILD cannot hold |
tally:jemalloc-installed-but-not-preloaded | Ruby: jemalloc without effect | app
tally:leftover-bundler-cache | caches of bundler left in the image | size
tally:max-lines | the length of the file | style
tally:missing-bundle-deployment | Ruby: bundler without deployment mode | app
tally:missing-bundle-without-development | Ruby: development packages | app
tally:named-identity-in-passwdless-stage | a user by name in an image without `/etc/passwd` |
tally:newline-between-instructions | blank lines | style
tally:newline-per-chained-call | the lines of a chain | style
tally:no-buildtime-gpu-queries | CUDA: GPUs asked for in a build | app
tally:no-buildx-git-overlap | labels that buildx sets | label
tally:no-chown-flag | `--chown` without effect | windows
tally:no-container-runtime-in-image | CUDA: the container toolkit in an image | app
tally:no-duplicate-keys | a duplicate label | label
tally:no-hardcoded-visible-devices | CUDA: the GPUs that a container sees | app
tally:no-multi-spaces | spaces | style
tally:no-multiple-empty-lines | blank lines | style
tally:no-redundant-cuda-install | CUDA: installed twice | app
tally:no-run-mounts | mounts in RUN | windows
tally:no-stale-base-digest | a label with an old digest | label
tally:no-stopsignal | STOPSIGNAL without effect | windows
tally:no-trailing-spaces | spaces at ends of lines | style
tally:no-ungraceful-stopsignal | a stop signal that kills |
tally:no-unreachable-stages | a stage that nothing uses |
tally:no-xdebug-in-final-image | PHP: xdebug | app
tally:node-gyp-cache-mounts | caches of node-gyp | size
tally:platform-mismatch | an image of another platform | registry
tally:prefer-add-git | `git clone` where ADD is enough | tool
tally:prefer-add-unpack | downloads that ADD could unpack | tool
tally:prefer-bundler-cache-mount | caches of bundler | size
tally:prefer-canonical-stopsignal | the spelling of STOPSIGNAL | style
tally:prefer-copy-chmod | `chmod` below COPY | size
tally:prefer-copy-heredoc | files that RUN writes | style
tally:prefer-curl-config | curl without retries | tool
tally:prefer-formatted-heredocs | the format of heredocs | style
tally:prefer-gemfile-bind-mounts | COPY of a Gemfile | size
tally:prefer-grouped | several LABELs | label
tally:prefer-minimal-driver-capabilities | CUDA: all driver capabilities | app
tally:prefer-multi-stage-build | one stage only | size
tally:prefer-network-none-install | installation with a network | app
tally:prefer-nginx-sigquit | the stop signal of nginx | operation
tally:prefer-package-cache-mounts | caches of package managers | size
tally:prefer-run-heredoc | several commands in RUN | style
tally:prefer-runtime-final-stage | CUDA: a development image at the end | size
tally:prefer-secret-mounts-for-build-credentials | Ruby: secrets in ARG and ENV |
tally:prefer-shell-instruction | PowerShell: no SHELL | windows
tally:prefer-stable-order | the order of labels | label
tally:prefer-systemd-sigrtmin-plus-3 | the stop signal of systemd | operation
tally:prefer-telemetry-opt-out | programs that report their use | tool
tally:prefer-uv-over-conda | conda where uv is enough | tool
tally:prefer-vex-attestation | COPY of a VEX document | tool
tally:prefer-wget-config | wget without retries | tool
tally:progress-preference | PowerShell: progress bars | windows
tally:redundant-bundler-install | Ruby: bundler twice | app
tally:require-secret-mounts | private registries without a secret mount |
tally:secrets-in-arg-or-env | Ruby: secrets in ARG and ENV |
tally:secrets-in-code | tokens and keys in the file |
tally:shell-run-in-scratch | RUN in a stage without a shell |
tally:sort-packages | the order of packages | style
tally:state-paths-not-writable-as-non-root | Ruby: folders that the user cannot write | app
tally:stateful-root-runtime | root with data that it keeps |
tally:user-created-but-never-used | a user without a process |
tally:user-explicit-group-drops-supplementary-groups | USER with a group that drops others |
tally:valid-key | a label key that is invalid | label
tally:world-writable-state-path-workaround | paths that every user can write |
tally:yjit-not-enabled-on-supported-runtime | Ruby: YJIT is off | app
"""
