import pytest

from training.picture.finishing.net import lines_learned


def test_of_the_lines_that_were_learned_those_about_the_usual_width_are_drawn():
    assert lines_learned((1.0, 4.0), trained_px=72) == (0.85 * 2, 1.25 * 2)
    assert lines_learned((1.9, 2.1), trained_px=72) == (1.9, 2.1)


@pytest.mark.parametrize("known", [(4.0, 8.0), (0.5, 1.0)])
def test_where_the_usual_width_was_not_learned_the_nearest_is_drawn(known):
    least, most = lines_learned(known, trained_px=72)
    assert least == most == min(known, key=lambda width: abs(width - 2))


def test_unknown_lines_are_those_of_openmoji_at_the_size_of_the_training():
    assert lines_learned(None, trained_px=72) == (2.0, 2.0)
    assert lines_learned(None, trained_px=36) == (1.0, 1.0)
