from training.picture.finishing.net import lines_learned


def test_lines_that_are_known_are_taken():
    assert lines_learned((1.0, 4.0), trained_px=64) == (1.0, 4.0)


def test_unknown_lines_are_those_of_openmoji_at_the_size_of_the_training():
    assert lines_learned(None, trained_px=72) == (2.0, 2.0)
    assert lines_learned(None, trained_px=36) == (1.0, 1.0)
