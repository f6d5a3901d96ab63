import pytest

from benchmarks.data_growth import Options, cpu_ms_a_picture, rate_at_the_end
from benchmarks.growth.crowd import Sample
from training.errors import ConfigError


def samples(own_cpu_s, workers_cpu_s=0.0):
    return [
        Sample(
            pictures=10 * number,
            seconds=0.0,
            own_cpu_s=own,
            workers_cpu_s=workers_cpu_s * number,
            own_mb=0.0,
            now_mb=0.0,
        )
        for number, own in enumerate(own_cpu_s)
    ]


def test_the_rate_at_the_end_is_told_in_processor_time_without_the_beginning():
    # Two seconds a part at the start, from the second sample on; four at the end.
    assert rate_at_the_end(samples([0, 100, 102, 104, 106, 108, 112, 116, 120, 124])) == 0.5
    # The workers' time counts: three and five.
    assert rate_at_the_end(
        samples([0, 100, 102, 104, 106, 108, 112, 116, 120, 124], workers_cpu_s=1.0)
    ) == pytest.approx(0.6)


def test_what_drawing_would_cost_counts_at_both_ends():
    parts = samples([0, 100, 102, 104, 106, 108, 112, 116, 120, 124])
    # 40 pictures in 8 s and in 16: with 0.2 s more for each, 16 and 24.
    assert rate_at_the_end(parts, drawing_s=0.2) == pytest.approx(16 / 24)


def test_processor_time_a_picture_is_told_of_both_kinds_of_process():
    own, of_workers = cpu_ms_a_picture(samples([0, 5, 6, 7, 8], workers_cpu_s=0.5))
    assert (own, of_workers) == (100.0, 50.0)  # 3 s and 1.5 s for 30 pictures


@pytest.mark.parametrize("changes", [{"numbers": ()}, {"numbers": (100, 50)}, {"kills": -1}])
def test_impossible_options_are_refused(changes):
    with pytest.raises(ConfigError, match=next(iter(changes))):
        Options(**changes)
