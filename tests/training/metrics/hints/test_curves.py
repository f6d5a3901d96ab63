import numpy as np
import pytest

from training.metrics.baselines import uncoloured_paper
from training.metrics.hints.classical_fill import classical_fill
from training.metrics.hints.curves import COUNTS, KINDS, MOST_DB, POINTS, HintTrial
from training.metrics.hints.region_hints import SHARES

RED, BLUE = (250, 10, 10), (10, 10, 250)
IDS = ("a", "b", "c")


def drawings() -> tuple[np.ndarray, np.ndarray]:
    """(3, 32, 40): two rooms side by side; red and blue, blue and red, red and red."""
    lineart = np.full((3, 32, 40), 255, np.uint8)
    lineart[:, 6:28, 4:36] = 0
    lineart[:, 8:26, 6:19] = lineart[:, 8:26, 21:34] = 255
    color = np.repeat(lineart[..., None], 3, axis=-1)
    for n, (left, right) in enumerate(((RED, BLUE), (BLUE, RED), (RED, RED))):
        color[n, 8:26, 6:19], color[n, 8:26, 21:34] = left, right
    return color, lineart


def paper(lineart: np.ndarray, hints: np.ndarray) -> np.ndarray:
    return np.stack([uncoloured_paper(one) for one in lineart])


@pytest.fixture(scope="module")
def trial() -> HintTrial:
    color, lineart = drawings()
    return HintTrial(color, lineart, ids=IDS)


def test_the_fill_is_paper_without_hints_and_the_truth_with_one_in_each_room(trial: HintTrial):
    fill, _ = trial.judge(classical_fill)
    white, _ = trial.judge(paper)
    for kind in KINDS:
        points = fill.points[kind]
        assert [point.hints for point in points] == list(COUNTS)
        assert points[0] == white.points[kind][0]
        assert points[1].psnr_db.value > points[0].psnr_db.value
        for point in points[2:]:
            assert point.psnr_db.value == point.psnr_db_median == MOST_DB
            assert (point.ssim.value, point.ciede2000.value) == (pytest.approx(1), 0)
            assert (point.obedience_median, point.obedience_p95) == (0, 0)
            assert point.leak is not None
            assert point.leak.value == 0


def test_without_hints_nothing_is_said_of_obedience_and_leak(trial: HintTrial):
    fill, _ = trial.judge(classical_fill)
    point = fill.points["dots"][0]
    assert (point.obedience_median, point.obedience_p95, point.leak) == (None, None, None)


def test_red_over_everything_obeys_red_hints_and_leaks(trial: HintTrial):
    def red(lineart: np.ndarray, hints: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.array(RED, np.uint8), (*lineart.shape, 3)).copy()

    curves, _ = trial.judge(red)
    point = curves.points["dots"][2]
    assert point.obedience_median == 0  # 4 of 6 hints are red
    assert point.obedience_p95 is not None
    assert point.obedience_p95 > 20
    assert point.leak is not None
    assert point.leak.value > 0.3


def test_a_peer_is_beaten_drawing_by_drawing(trial: HintTrial):
    fill, peer = trial.judge(classical_fill)
    white, _ = trial.judge(paper, peer=peer)
    assert fill.points["dots"][4].ahead_db is None
    for ours, theirs in zip(white.points["strokes"], fill.points["strokes"], strict=True):
        assert ours.ahead_db is not None
        expected = ours.psnr_db.value - theirs.psnr_db.value
        assert ours.ahead_db.value == pytest.approx(expected)


def test_hint_auc_of_paper_is_its_psnr_and_hints_raise_that_of_the_fill(trial: HintTrial):
    white, _ = trial.judge(paper)
    fill, _ = trial.judge(classical_fill)
    level = white.points["dots"][0].psnr_db.value
    assert white.hint_auc_db.value == pytest.approx(level)
    assert [round(point.value, 9) for point in white.psnr_db_by_share] == [
        round(level, 9) for _ in SHARES
    ]
    assert fill.hint_auc_db.value > level
    assert fill.psnr_db_by_share[0] == white.psnr_db_by_share[0]


def test_every_picture_is_counted(trial: HintTrial):
    counted: list[int] = []
    trial.judge(paper, measured=counted.append)
    assert sum(counted) == POINTS * len(IDS) == (11 + 8) * 3


def test_a_drawing_that_wants_no_hints_is_measured_all_the_same():
    lineart = np.full((1, 24, 30), 255, np.uint8)
    color = np.repeat(lineart[..., None], 3, axis=-1)
    curves, _ = HintTrial(color, lineart, ids=("blank",)).judge(classical_fill)
    assert all(point.psnr_db.value == MOST_DB for point in curves.points["dots"])
    assert all(point.obedience_median is None for point in curves.points["dots"])
