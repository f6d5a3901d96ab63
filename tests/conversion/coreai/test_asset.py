from conversion.coreai.asset import entry_points


def test_the_first_size_is_main_and_others_say_their_width_and_height():
    points = entry_points([(64, 64), (96, 128)])
    assert points == {"main": (64, 64), "main_128x96": (96, 128)}
