from conversion.coreai.asset import entry_points, in_words


def test_the_first_size_is_main_and_others_say_their_width_and_height():
    points = entry_points([(64, 64), (96, 128)])
    assert points == {"main": (64, 64), "main_128x96": (96, 128)}
    assert in_words(points) == {"entry points": "main: 64 px, main_128x96: 128x96 px"}


def test_one_entry_point_needs_no_words():
    assert in_words(entry_points([(64, 64)])) == {}
