import SwiftUI

/// Chooses a tool; the chosen one is marked.
struct ToolButton: View {
  let tool: Tool
  let studio: Studio

  var body: some View {
    let isChosen = studio.tool == tool
    Button {
      studio.tool = tool
    } label: {
      Label(tool.label, systemImage: tool.image)
        .labelStyle(.iconOnly)
        .foregroundStyle(isChosen ? Color.accentColor : Color.secondary)
    }
    .keyboardShortcut(tool.key)
    .accessibilityLabel(tool.label)
    .accessibilityAddTraits(isChosen ? .isSelected : [])
  }
}
