import numpy as np

from training.data.keys import fold, key_of, uniform


def test_a_key_depends_on_the_seed_and_the_number():
    keys = {tuple(key_of(seed, number).numpy()) for seed in range(3) for number in range(3)}
    assert len(keys) == 9


def test_equal_keys_draw_equal_numbers_and_others_do_not():
    key = fold(key_of(1, 2), 3)
    one, same, other = (uniform(key, purpose, (5,)).numpy() for purpose in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert ((one >= 0) & (one < 1)).all()
