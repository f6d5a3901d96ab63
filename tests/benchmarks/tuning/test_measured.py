import numpy as np

from benchmarks.tuning.measured import HeldOut


def test_each_drawing_is_measured_without_hints_and_with_them():
    truth = np.full((2, 5, 4, 3), 100, np.uint8)
    bare, hinted = truth.copy(), truth.copy()
    bare[1] += 51  # a fifth of 255: 20 log10 5
    hinted[0] += 255 // 10 + 1
    held_out = HeldOut(
        lineart=np.zeros((2, 5, 4), np.uint8),
        dots=np.zeros((2, 5, 4, 4), np.uint8),
        color=truth,
        painted={"net": (bare, hinted)},
    )
    without, with_dots = held_out.psnr_db()["net"]
    np.testing.assert_allclose(without, [np.inf, 13.979], atol=1e-3)
    np.testing.assert_allclose(with_dots, [19.832, np.inf], atol=1e-3)  # 20 log10(255 / 26)
