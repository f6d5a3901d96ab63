#!/usr/bin/env bash
# Type-check what needs Apple's frameworks, on any machine with Swift 6, against the stubs here.
#
#   AppleStubs/typecheck.sh               NurieCoreML and nurie-bench, each warning an error
#   AppleStubs/typecheck.sh FILE.swift... these files instead, against NurieCoreML and the stubs
#
# Swift 6 mode, down to the passes that find data races. Nothing here is linked or run.
# NURIE_TYPECHECK names a folder that keeps the checked modules: files given later take less time.
set -euo pipefail
given=()
for file in "$@"; do given+=("$(realpath "$file")"); done
cd "$(dirname "$0")"

if [ -n "${NURIE_TYPECHECK:-}" ]; then
  out=$NURIE_TYPECHECK
  mkdir -p "$out"
else
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi

# check MODULE FILE...: stops at the first module that does not check.
check() {
  local module=$1
  shift
  swiftc -wmo -emit-sil -o /dev/null -emit-module-path "$out/$module.swiftmodule" \
    -module-name "$module" -swift-version 6 -warnings-as-errors -parse-as-library -I "$out" "$@"
}

sources=../Sources
if [ ${#given[@]} -eq 0 ] || [ ! -e "$out/NurieCoreML.swiftmodule" ]; then
  # In the order of their imports.
  for stub in CoreVideo CoreGraphics ImageIO Darwin AppleFoundation CoreML; do
    swiftc -frontend -compile-module-from-interface "$stub.swiftinterface" -module-name "$stub" \
      -I "$out" -o "$out/$stub.swiftmodule"
  done
  check NurieKit "$sources"/NurieKit/*.swift
  check NurieCoreML "$sources"/NurieCoreML/*.swift
fi
if [ ${#given[@]} -gt 0 ]; then
  check Given "${given[@]}"
else
  check nurie_bench "$sources"/nurie-bench/*.swift
fi
