#!/bin/sh
# What the picture of the README shows, in a copy of first-look: `make demo`.
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$here"/../first-look/* "$folder"
cd "$folder"

run() {
  printf '$ %s\n' "$*"
  "$@" || [ $? = 1 ] # findings
  echo
}

run tightship check
run tightship map
run rm compose.override.yaml
run tightship harden --write
printf '$ tightship check\n'
tightship check
