// swift-tools-version: 6.0
// An app package: Xcode and Swift Playgrounds open this folder as it is.
import AppleProductTypes
import PackageDescription

let package = Package(
  name: "NurieDemo",
  defaultLocalization: "en",
  platforms: [.iOS(.v17)],
  products: [
    .iOSApplication(
      name: "NurieDemo",
      targets: ["NurieDemo"],
      bundleIdentifier: "org.nurie.demo",
      displayVersion: "1.0",
      bundleVersion: "1",
      supportedDeviceFamilies: [.pad, .phone],
      supportedInterfaceOrientations: [
        .portrait, .landscapeLeft, .landscapeRight,
        .portraitUpsideDown(.when(deviceFamilies: [.pad])),
      ],
      // Several windows, each with a drawing of its own.
      additionalInfoPlistContentFilePath: "AdditionalInfo.plist"
    )
  ],
  dependencies: [.package(name: "Nurie", path: "..")],
  targets: [
    .executableTarget(
      name: "NurieDemo",
      dependencies: [
        .product(name: "NurieKit", package: "Nurie"),
        .product(name: "NurieCoreML", package: "Nurie"),
        .product(name: "NurieCoreAI", package: "Nurie"),
        .product(name: "NurieReport", package: "Nurie"),
        .product(name: "NurieBenchmark", package: "Nurie"),
        .product(name: "NurieDemoModels", package: "Nurie"),
        .product(name: "NurieStudio", package: "Nurie"),
      ],
      path: "Sources",
      resources: [.process("Resources")]
    )
  ]
)
