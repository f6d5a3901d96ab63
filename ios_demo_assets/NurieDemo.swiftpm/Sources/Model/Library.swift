import Foundation
import NurieCoreML
import NurieDemoModels
import NurieKit
import NurieStudio
import Observation
import UIKit

/// What all windows share: the drawings that are kept, and which model colours them.
@MainActor
@Observable
final class Library {
  /// The drawings.
  let gallery: Gallery
  /// Every model that the app was built with.
  private(set) var bundles: [ModelBundle] = []
  /// The chosen one; nil where there is none.
  private(set) var choice: Choice?
  /// What is wrong with the models, for the settings; nil: nothing.
  private(set) var fault: String?
  /// How often the system has said that memory is short.
  private(set) var memoryWarnings = 0

  @ObservationIgnored private var observer: (any NSObjectProtocol)?

  init() {
    let folder =
      FileManager.default.urls(for: .documentDirectory, in: .userDomainMask).first
      ?? FileManager.default.temporaryDirectory
    gallery = Gallery(
      folder: folder.appendingPathComponent("Drawings"), files: SystemPictures())
    do {
      bundles = try DemoModels.bundles()
      if let bundle = bundles.first(where: { !$0.models.isEmpty }), let model = bundle.models.first
      {
        choice = Choice(bundle: bundle, model: model, computeUnits: .all)
      }
    } catch {
      fault = error.sentence
    }
    // For as long as the app runs, as this library does.
    observer = NotificationCenter.default.addObserver(
      forName: UIApplication.didReceiveMemoryWarningNotification, object: nil, queue: nil
    ) { [weak self] _ in
      Task { @MainActor in self?.memoryWarnings += 1 }
    }
  }

  /// The models of all bundles.
  var models: [BundledModel] { bundles.flatMap(\.models) }

  /// Whom to name beside what the chosen model draws, or why nobody knows.
  var credit: String {
    guard let choice else { return "" }
    do {
      let manifest = try choice.bundle.manifest(of: choice.model)
      return "\(manifest.credit). \(manifest.source), \(manifest.licence)."
    } catch {
      return error.sentence
    }
  }

  /// The engines that a model's runtime lets one choose: Core AI knows two choices alone.
  func possibleUnits(of model: BundledModel) -> [ComputeUnits] {
    let format = (try? bundle(of: model)?.manifest(of: model))?.format
    return format == .coreai ? [.all, .cpuOnly] : ComputeUnits.allCases
  }

  private func bundle(of model: BundledModel) -> ModelBundle? {
    bundles.first { $0.models.contains(model) }
  }

  /// Takes another model or engine, from now on: all of them, where the model's runtime has not the
  /// one that was asked for.
  func choose(_ new: Choice) {
    var new = new
    new.bundle = bundle(of: new.model) ?? new.bundle
    if !possibleUnits(of: new.model).contains(new.computeUnits) { new.computeUnits = .all }
    choice = new
  }

  /// The chosen model, loaded.
  func load() async throws -> any Colorist {
    guard let choice else {
      throw NurieError.golden(
        fault ?? String(localized: "This app has no model: regions can be filled by hand."))
    }
    return try await ModelColorist.load(choice)
  }
}
