#!/usr/bin/env bash
# Runs the commands that README.md shows as "    $ build/release/tapdeck …" and compares what they
# print with the lines shown below them. Usage: readme_test.sh README TAPDECK
set -euo pipefail

readme=$(realpath "$1")
program=$(realpath "$2")
cd "$(dirname "$readme")"
export LC_ALL=C.UTF-8
unset COLUMNS

readonly prompt='    $ build/release/tapdeck '
command=
shown=
examples=0
differences=0

check_example() {
  local arguments printed
  [[ -n $command ]] || return 0
  examples=$((examples + 1))
  read -ra arguments <<<"$command"
  printed=$("$program" "${arguments[@]}" 2>&1 || true)
  while [[ $shown == *$'\n' ]]; do shown=${shown%$'\n'}; done
  if [[ $printed != "$shown" ]]; then
    differences=$((differences + 1))
    printf 'tapdeck %s prints (>) what the README does not show (<):\n' "$command"
    diff <(printf '%s\n' "$shown") <(printf '%s\n' "$printed") || true
  fi
  command=
  shown=
}

while IFS= read -r line; do
  if [[ $line == "$prompt"* ]]; then
    check_example
    command=${line#"$prompt"}
  elif [[ -n $command && ($line == '    '* || -z $line) ]]; then
    shown+=${line#    }$'\n'
  else
    check_example
  fi
done <"$readme"
check_example

((examples > 0)) || { printf 'the README shows no example\n'; exit 1; }
((differences == 0))
