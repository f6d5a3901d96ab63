from PIL import Image

from benchmarks.growth.chart import DPI, INCHES, write_growth
from benchmarks.growth.crowd import Sample


def test_the_chart_is_a_picture_of_the_size_that_is_said(tmp_path):
    samples = [
        Sample(
            pictures=number,
            seconds=float(number),
            own_cpu_s=0.01 * number,
            workers_cpu_s=0.0,
            own_mb=100.0,
            now_mb=90.0,
        )
        for number in range(0, 50, 10)
    ]
    write_growth({50: samples}, tmp_path / "growth.png")
    with Image.open(tmp_path / "growth.png") as picture:
        assert picture.size == tuple(round(DPI * side) for side in INCHES)
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 10
