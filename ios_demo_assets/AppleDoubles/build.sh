#!/usr/bin/env bash
# Build NurieCoreML, what the demo app does without a screen, and nurie-bench against doubles of
# Apple's frameworks, to run them on Linux.
#
#   AppleDoubles/build.sh FOLDER   writes FOLDER/checks and FOLDER/nurie-bench
#
# Needs `swift build` first: NurieKit and NurieReport are taken from there.
set -euo pipefail
out=$(realpath "$1")
cd "$(dirname "$0")"
kit=$(realpath ../.build/debug)

# compile MODULE FILE...
compile() {
  local module=$1
  shift
  swiftc -wmo -c -parse-as-library -swift-version 6 -warnings-as-errors -module-name "$module" \
    -package-name ios_demo_assets -I "$out" -I "$kit/Modules" -emit-module -emit-module-path "$out/$module.swiftmodule" \
    -o "$out/$module.o" "$@"
}

compile AppleDoubles Doubles/*.swift
# Each of Apple's names for it: what the sources import.
for name in CoreML CoreAI CoreVideo CoreGraphics ImageIO Darwin PencilKit; do
  echo '@_exported import AppleDoubles' > "$out/$name.swift"
  compile "$name" "$out/$name.swift"
done
compile NurieCoreML ../Sources/NurieCoreML/{,*/}*.swift
compile NurieCoreAI ../Sources/NurieCoreAI/*.swift
compile NurieBenchmark ../Sources/NurieBenchmark/*.swift
compile checks Checks/*.swift \
  ../NurieDemo.swiftpm/Sources/{Canvas/InkReader,Model/Choice,Model/ModelColorist}.swift
compile nurie_bench ../Sources/nurie-bench/*.swift
# Object by object: `swift build` leaves those of sources that were deleted or moved.
objects=()
for module in NurieKit NurieReport NurieStudio; do
  while read -r source; do
    objects+=("$kit/$module.build/$(basename "$source").o")
  done < <(find "../Sources/$module" -name '*.swift')
done
for program in checks nurie_bench; do
  swiftc -o "$out/${program/_/-}" "$out/$program.o" "$out/NurieBenchmark.o" "$out/NurieCoreML.o" "$out/NurieCoreAI.o" \
    "$out/AppleDoubles.o" \
    "${objects[@]}"
done
