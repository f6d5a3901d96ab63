/// Whatever runs a model as its manifest describes it: Core ML's `ColoringModel`, or a back end of
/// another framework.
///
/// An actor is the natural conformer: one prediction at a time, away from whoever draws.
public protocol Colorizing: Sendable {
  /// What the model is, takes and returns.
  var manifest: ModelManifest { get }

  /// What the model itself paints: the picture, or the layer that belongs under the ink.
  ///
  /// lineart: grey, of exactly the model's size. hints: of the same size; nil where none are given.
  /// Throws for other sizes, and for hints that the model does not take.
  func paint(_ lineart: Picture, hints: Hints?) async throws(ColoringError) -> Picture
}

extension Colorizing {
  /// A blank sheet of the model's size, to predict on before there is a drawing.
  package func blankSheet() throws(ColoringError) -> Picture {
    do {
      return try .paper(width: manifest.interface.width, height: manifest.interface.height)
    } catch {
      throw .refused(error)
    }
  }

  /// The finished picture of line art of exactly the model's size: under its ink, where the model
  /// paints a layer. Throws as `paint` does.
  public func color(
    _ lineart: Picture, hints: Hints? = nil
  ) async throws(ColoringError) -> Picture {
    let painted = try await paint(lineart, hints: hints)
    guard manifest.interface.underInk else { return painted }
    do {
      return try InkComposition.underInk(painted, lineart: lineart)
    } catch {
      throw .refused(error)
    }
  }

  /// Colours line art of any size up to the model's: padded with paper, cropped back.
  public func colorPadded(
    _ lineart: Picture, hints: Hints? = nil
  ) async throws(ColoringError) -> Picture {
    let interface = manifest.interface
    let padding: PaperPadding
    let (sheet, given): (Picture, Hints?)
    do {
      padding = try PaperPadding(
        width: lineart.width, height: lineart.height, to: interface.width, by: interface.height)
      (sheet, given) = (try padding.pad(lineart), try hints.map(padding.pad))
    } catch {
      throw ColoringError(error)
    }
    let painted = try await color(sheet, hints: given)
    do {
      return try padding.crop(painted)
    } catch {
      throw .refused(error)
    }
  }
}

extension Finisher {
  /// From a clean drawing of any size to its finished picture: fitted, painted by the model, parted
  /// into regions and coloured.
  ///
  /// hints: of the drawing's size; nil where none are given. former: the regions of the drawing
  /// before its last change, whose identities and locked colours stay. For a model that paints no
  /// layer, the layer is guessed. Throws as the steps do.
  public func color(
    _ drawing: Picture, by model: some Colorizing, hints: Hints? = nil,
    former: SteadyRegions? = nil
  ) async throws(ColoringError) -> Finished {
    let manifest = model.manifest
    do {
      let fitted = try fit(
        drawing, width: manifest.interface.width, height: manifest.interface.height,
        learned: manifest.linesPX, hints: hints)
      let painted = try await model.paint(fitted.lineart, hints: fitted.hints)
      let layer =
        manifest.interface.underInk
        ? painted : try InkComposition.layerBeneath(painted, lineart: fitted.lineart)
      return try finish(
        drawing, painted: try Painted(layer, of: fitted), hints: hints, former: former)
    } catch {
      throw ColoringError(error)
    }
  }
}
