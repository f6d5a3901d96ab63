import AppleDoubles
import CoreAI
import Foundation
import NurieCoreAI
import NurieKit

extension Checks {
  static var assetClaims: [Claim] {
    [
      (
        "numbers pass an asset whole and in their order, though its rows have gaps",
        {
          let asset = try await DoublePackage(3, 2, kind: .asset).asset()
          let drawing = try Picture(
            width: 3, height: 2, channels: .grey, bytes: [0, 255, 51, 204, 102, 153])
          // The double paints a grey, its opposite and a third of it.
          let color = try await asset.color(drawing)
          return (0..<3).map { color[0, 0, $0] } == [0, 255, 0]
            && (0..<3).map { color[1, 0, $0] } == [255, 0, 85]
            && (0..<3).map { color[2, 1, $0] } == [153, 102, 51]
        }
      ),
      (
        "an asset that takes hints paints them, below the ink where it paints a layer",
        {
          let told: [String: Any] = ["hints": true, "output": "layer"]
          let asset = try await DoublePackage(2, 1, told, kind: .asset).asset()
          let drawing = try Picture(width: 2, height: 1, channels: .grey, bytes: [51, 255])
          let hints = try Hints(
            Picture(
              width: 2, height: 1, channels: .rgba, bytes: [255, 102, 0, 255, 0, 0, 0, 0]))
          let layer = try await asset.paint(drawing, hints: hints)
          let color = try await asset.color(drawing, hints: hints)
          return layer.bytes == [255, 102, 0, 255, 0, 85]
            && color.bytes == [51, 20, 0, 255, 0, 85]
        }
      ),
      (
        "an asset is loaded at any of its sizes, and at no other",
        {
          let package = try DoublePackage(
            2, 2, ["functions": ["main_5x3": [5, 3]], "sizes": [[2, 2], [3, 5]]], kind: .asset)
          let wide = try await ColoringAsset(
            contentsOf: package.url, manifest: package.manifest.serving(width: 5, height: 3))
          let drawing = try lineart(5, 3)
          let painted = try await wide.paint(drawing)
          let first = try await package.asset().paint(try lineart(2, 2))
          let said = await sentence { _ = try package.manifest.serving(width: 4, height: 4) }
          return painted.width == 5 && painted.height == 3 && first.width == 2
            && said.contains("serves pictures of 2 x 2, 5 x 3 pixels, received 4 x 4")
        }
      ),
      (
        "a size that the manifest names and the asset lacks is refused, as are other ports",
        {
          let size = try DoublePackage(2, 2, said: ["sizes": [[2, 2], [3, 5]]], kind: .asset)
          let ports = try DoublePackage(2, 2, ["hints": true], said: ["hints": false], kind: .asset)
          let output = try DoublePackage(
            2, 2, ["output": "layer"], said: ["output": "color"], kind: .asset)
          let shape = try DoublePackage(2, 2, said: ["width": 3], kind: .asset)
          let saidOfSize = await sentence {
            _ = try await ColoringAsset(
              contentsOf: size.url, manifest: size.manifest.serving(width: 5, height: 3))
          }
          let saidOfPorts = await sentence { _ = try await ports.asset() }
          let saidOfOutput = await sentence { _ = try await output.asset() }
          let saidOfShape = await sentence { _ = try await shape.asset() }
          return saidOfSize.contains("has the functions [\"main\"]. Expected main_5x3")
            && saidOfPorts.contains(
              "takes [\"hints\", \"lineart\"]. Its manifest says [\"lineart\"]")
            && saidOfOutput.contains("returns [\"layer\"]. Its manifest says color")
            && saidOfShape.contains("lineart is not the float32 tensor of [1, 2, 3, 1]")
        }
      ),
      (
        "an asset of other bytes than its manifest's never reaches Core AI, nor does a package",
        {
          let asset = try DoublePackage(2, 2, kind: .asset)
          try Data("x".utf8).write(to: asset.url.appendingPathComponent("more"))
          let package = try DoublePackage(2, 2)
          let before = Asked.shared["load asset all"]
          let said = await sentence { _ = try await asset.asset() }
          let saidOfPackage = await sentence { _ = try await package.asset() }
          return said.contains("is not the model that its manifest describes")
            && saidOfPackage.contains("Expected an asset of Core AI")
            && Asked.shared["load asset all"] == before
        }
      ),
      (
        "the engines that were asked for are the ones that Core AI is told, and each is specialised "
          + "once, until it is forgotten",
        {
          let package = try DoublePackage(2, 2, kind: .asset)
          func specialised(_ body: () async throws -> Void) async rethrows -> Int {
            let before = Asked.shared["specialise"]
            try await body()
            return Asked.shared["specialise"] - before
          }
          let told = Asked.shared["load asset cpuOnly"]
          let each = try await specialised {
            for units in AssetUnits.allCases + [.all] { _ = try await package.asset(units) }
          }
          try ColoringAsset.forget(package.url, units: .cpuOnly)
          try ColoringAsset.forget(package.url, units: .cpuOnly)
          let other = try await specialised { _ = try await package.asset(.all) }
          let again = try await specialised { _ = try await package.asset(.cpuOnly) }
          return [each, other, again] == [2, 0, 1]
            && Asked.shared["load asset cpuOnly"] == told + 2
        }
      ),
      (
        "an asset that is loaded cannot be forgotten, and that is said",
        {
          let package = try DoublePackage(2, 2, kind: .asset)
          let held = try await package.asset()
          let said = await sentence { try ColoringAsset.forget(package.url, units: .all) }
          return said.contains("double.aimodel cannot be forgotten") && held.units == .all
        }
      ),
      (
        "what an asset refuses, returns wrongly or leaves out is said with what to do",
        {
          func said(_ fault: String, _ units: AssetUnits = .all) async throws -> String {
            let package = try DoublePackage(2, 2, ["fault": fault], kind: .asset)
            let asset = try await package.asset(units)
            return await sentence { _ = try await asset.color(try lineart(2, 2)) }
          }
          let refuses = try await said("refuses", .cpuOnly)
          let silent = try await said("silent")
          let larger = try await said("larger")
          let nan = try await said("nan")
          return refuses.contains("on cpuOnly: the double refuses. Try all.")
            && silent.contains("returned no color")
            && larger.contains("returned float32 of [1, 2, 3, 3]")
            && nan.contains("returned 2 values that are no numbers")
        }
      ),
      (
        "an asset that is no model is refused by its name, and what is cancelled is not begun",
        {
          let broken = try DoublePackage(2, 2, ["width": "wide"], kind: .asset)
          let said = await sentence { _ = try await broken.asset() }
          let asset = try await DoublePackage(2, 2, kind: .asset).asset()
          let drawing = try lineart(2, 2)
          let before = Asked.shared["predict"]
          let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await asset.color(drawing)
          }
          guard case .failure(let error) = await task.result else { return false }
          return said.contains("double.aimodel cannot be loaded for all")
            && error as? ColoringError == .cancelled && Asked.shared["predict"] == before
        }
      ),
    ]
  }
}
