import Testing

@testable import NurieStudio

@Suite("A history") struct HistoryTests {
  @Test("goes back and forth, and forgets what was taken back when something else is done")
  func backAndForth() {
    var history = History([Int]())
    let undone = history.undo()
    #expect(!undone && !history.canUndo)
    for number in 1...3 { history.change { $0.append(number) } }
    history.undo()
    history.undo()
    #expect(history.present == [1] && history.canRedo)
    history.redo()
    #expect(history.present == [1, 2])
    history.change { $0 = [] }
    #expect(!history.canRedo)
    history.undo()
    #expect(history.present == [1, 2])
  }

  @Test("a change that changes nothing is no step") func nothing() {
    var history = History(7)
    history.change { $0 = 8 }
    history.undo()
    let changed = history.change { $0 = 7 }
    #expect(!changed && history.canRedo)
  }

  @Test("keeps the last steps, not every one") func most() {
    var history = History(0, most: 3)
    for number in 1...9 { history.change { $0 = number } }
    while history.undo() {}
    #expect(history.present == 6)
  }

  @Test("an amendment is no step, and is what is kept") func amended() {
    var history = History(0)
    history.change { $0 = 10 }
    history.amend { $0 = 11 }
    history.change { $0 = 20 }
    history.undo()
    #expect(history.present == 11)
    history.undo()
    #expect(history.present == 0)
  }
}
