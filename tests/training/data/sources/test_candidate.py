from training.data.sources.candidate import Rejection


def test_a_rejection_holds_nothing_that_a_terminal_obeys():
    rejection = Rejection(file="\x1b[31mred\n.png", reason="near duplicate: as in two\u202egnp.exe")
    assert rejection.file == r"\x1b[31mred\n.png"
    assert rejection.reason == r"near duplicate: as in two\u202egnp.exe"
    assert rejection == Rejection(file=rejection.file, reason=rejection.reason)
