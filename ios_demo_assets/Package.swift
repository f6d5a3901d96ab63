// swift-tools-version: 6.0
// Swift 6 language mode, complete concurrency checking: tools version 6.0 switches both on.
import PackageDescription

let package = Package(
  name: "Nurie",
  // Core ML's compiled-model and async loading calls need iOS 16; SwiftUI's @Observable needs 17.
  platforms: [.iOS(.v17), .macOS(.v14), .macCatalyst(.v17), .visionOS(.v1)],
  products: [
    .library(name: "NurieKit", targets: ["NurieKit"]),
    .library(name: "NurieCoreML", targets: ["NurieCoreML"]),
    .library(name: "NurieCoreAI", targets: ["NurieCoreAI"]),
    .library(name: "NurieReport", targets: ["NurieReport"]),
    .library(name: "NurieBenchmark", targets: ["NurieBenchmark"]),
    .library(name: "NurieStudio", targets: ["NurieStudio"]),
    .library(name: "NurieDemoModels", targets: ["NurieDemoModels"]),
    .executable(name: "nurie-bench", targets: ["nurie-bench"]),
  ],
  targets: [
    .target(name: "NurieKit"),
    .target(
      name: "NurieCoreML", dependencies: ["NurieKit"],
      resources: [.copy("PrivacyInfo.xcprivacy")]),
    // Empty where there is no Core AI: before Xcode 27, and in its simulators.
    .target(name: "NurieCoreAI", dependencies: ["NurieKit"]),
    .target(name: "NurieStudio", dependencies: ["NurieKit"]),
    // What measures: an app that only colours needs neither.
    .target(name: "NurieReport", dependencies: ["NurieKit"]),
    .target(
      name: "NurieBenchmark",
      dependencies: ["NurieKit", "NurieCoreML", "NurieCoreAI", "NurieReport"]),
    .executableTarget(
      name: "nurie-bench",
      dependencies: ["NurieKit", "NurieCoreML", "NurieReport", "NurieBenchmark"]),
    .executableTarget(name: "nurie-finishing-bench", dependencies: ["NurieKit"]),
    .executableTarget(name: "nurie-replay", dependencies: ["NurieKit", "NurieStudio"]),
    // The demo app's alone: an app of your own brings its models itself.
    .target(
      name: "NurieDemoModels", dependencies: ["NurieKit"], path: ".",
      exclude: [
        "AppleDoubles", "AppleStubs", "NurieDemo.swiftpm", "README.md", "Tests", "drawings",
        "Sources/NurieBenchmark", "Sources/NurieCoreAI", "Sources/NurieCoreML", "Sources/NurieKit",
        "Sources/NurieReport", "Sources/NurieStudio", "Sources/nurie-bench",
        "Sources/nurie-finishing-bench",
        "Sources/nurie-replay",
      ],
      sources: ["Sources/NurieDemoModels"], resources: [.copy("models")]),
    .testTarget(
      name: "NurieKitTests", dependencies: ["NurieKit", "NurieReport"], resources: [.copy("Golden")]
    ),
    .testTarget(name: "NurieStudioTests", dependencies: ["NurieStudio"]),
    .testTarget(name: "NurieBenchTests", dependencies: ["nurie-bench"]),
  ]
)
