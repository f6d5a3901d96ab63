#!/usr/bin/env bash
# Type-check what needs Apple's frameworks, on any machine with Swift 6, against the stubs here.
#
#   AppleStubs/typecheck.sh               the libraries, nurie-bench and the demo app
#   AppleStubs/typecheck.sh FILE.swift... these files instead, against NurieCoreML and the stubs
#
# Swift 6 mode, each warning an error, down to the passes that find data races. Nothing here is linked or run.
# NURIE_TYPECHECK names a folder that keeps the checked modules: files given later take less time.
# NURIE_OPTIONS: more options for the compiler.
# NURIE_KIT names a folder with the modules that `swift build` has checked already: NurieKit and NurieReport.
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
  swiftc -wmo -emit-sil -o "$out/$module.sil" -emit-module-path "$out/$module.swiftmodule" \
    -module-name "$module" -package-name ios_demo_assets -swift-version 6 -warnings-as-errors \
    -parse-as-library -I "$out" \
    ${NURIE_KIT:+-I "$NURIE_KIT"} ${NURIE_OPTIONS:-} "$@"
}

sources=../Sources
if [ ${#given[@]} -eq 0 ] || [ ! -e "$out/NurieBenchmark.swiftmodule" ]; then
  # In the order of their imports.
  for stub in CryptoKit CoreVideo CoreGraphics ImageIO Darwin AppleFoundation CoreML CoreAI UIKit \
    PencilKit SwiftUI PhotosUI; do
    swiftc -frontend -compile-module-from-interface "$stub.swiftinterface" -module-name "$stub" \
      -I "$out" -o "$out/$stub.swiftmodule"
  done
  if [ -z "${NURIE_KIT:-}" ]; then
    check NurieKit "$sources"/NurieKit/{,*/,*/*/}*.swift
  else
    # What `swift build` has not checked on this machine: the system's own hash.
    check NurieHash "$sources"/NurieKit/Manifest/{,Portable}SHA256.swift
  fi
  check NurieCoreML "$sources"/NurieCoreML/{,*/}*.swift
  check NurieCoreAI "$sources"/NurieCoreAI/*.swift
  [ -n "${NURIE_KIT:-}" ] || check NurieReport "$sources"/NurieReport/{,*/}*.swift
  check NurieBenchmark "$sources"/NurieBenchmark/*.swift
  check NurieStudio "$sources"/NurieStudio/*/*.swift
fi
if [ ${#given[@]} -gt 0 ]; then
  check Given "${given[@]}"
else
  check nurie_bench "$sources"/nurie-bench/*.swift
  # What SwiftPM writes for a target with resources.
  echo 'import Foundation
extension Bundle { static let module = Bundle.main }' > "$out/resources.swift"
  check NurieDemoModels "$sources"/NurieDemoModels/*.swift "$out/resources.swift"
  check NurieDemo ../NurieDemo.swiftpm/Sources/{,*/}*.swift
fi
