import Foundation
import NurieKit

/// The bundles of models that stood in ios_demo_assets/models when the app was built.
public enum DemoModels {
  /// All of them, in order of their names; none if nobody has written one yet.
  public static func bundles() throws(NurieError) -> [ModelBundle] {
    guard let folder = Bundle.module.url(forResource: "models", withExtension: nil) else {
      throw .golden("The app was built without the folder ios_demo_assets/models. Build it again.")
    }
    return try ModelBundle.all(in: folder)
  }
}
