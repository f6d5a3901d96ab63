import dataclasses
import math
from xml.etree import ElementTree

import pytest

from benchmarks.pages.plots import Point, quality_against_bytes, quality_against_milliseconds
from training.errors import DataError

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [
    Point(series="Core ML", label="fp32", x=2e8, psnr_db=math.inf, passed=True),
    Point(series="Core ML", label="palette4", x=3e7, psnr_db=31.0, passed=True),
    Point(series="TFLite", label="int8", x=5e7, psnr_db=36.0, passed=False),
]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def placed(svg: str, text: str) -> tuple[float, float]:
    """Where a label begins or is centred, as its transform or its position says."""
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        if element.text == text:
            if "x" in element.attrib:
                return float(element.attrib["x"]), float(element.attrib["y"])
            numbers = element.attrib["transform"].partition("translate(")[2].partition(")")[0]
            x, y = numbers.split()
            return float(x), float(y)
    raise AssertionError(f"{text} is not in the figure")


def test_a_figure_is_one_svg_element_that_names_axes_series_and_recipes():
    svg = quality_against_bytes(POINTS)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg" and root[0].text == "Quality against size"
    written = texts(svg)
    for word in ("Core ML", "TFLite", "fp32", "palette4", "int8", "PSNR of the worst drawing, dB"):
        assert word in written
    assert "MB, package included (log scale)" in written


def test_the_same_points_give_the_same_bytes():
    assert quality_against_bytes(POINTS) == quality_against_bytes(POINTS)
    timed = [dataclasses.replace(point, x=5.0, interval=(4.0, 6.0)) for point in POINTS]
    assert quality_against_milliseconds(timed) == quality_against_milliseconds(timed)


def test_every_color_is_one_of_the_page():
    svg = quality_against_bytes(POINTS)
    assert "#" not in svg.replace('"#', "").replace("url(#", "")  # references are no colours
    assert "var(--series-1)" in svg and "var(--series-2)" in svg


def test_identical_pictures_stand_on_a_line_of_their_own_above_the_rest():
    svg = quality_against_bytes(POINTS)
    assert "identical" in texts(svg)
    assert placed(svg, "fp32")[1] < placed(svg, "int8")[1] < placed(svg, "palette4")[1]
    assert "identical" not in texts(quality_against_bytes(POINTS[1:]))


def test_a_smaller_model_stands_to_the_left_of_a_larger_one():
    svg = quality_against_bytes(POINTS)
    assert placed(svg, "palette4")[0] < placed(svg, "int8")[0] < placed(svg, "fp32")[0]


def test_what_fails_its_gate_is_hollow_and_the_legend_says_so():
    assert "below its gate" in texts(quality_against_bytes(POINTS))
    assert "below its gate" not in texts(quality_against_bytes(POINTS[:2]))


def test_labels_of_neighbours_do_not_lie_on_each_other():
    near = [
        dataclasses.replace(POINTS[1], label=label, x=3e7 * (1 + n / 100))
        for n, label in enumerate(("palette6", "int8", "w8a8"))
    ]
    svg = quality_against_bytes([*near, POINTS[0]])
    places = {placed(svg, point.label) for point in near}
    HEIGHT = 8  # of a letter, in the units of the figure
    assert len(places) == 3
    for (x, y), (u, v) in ((a, b) for a in places for b in places if a < b):
        assert abs(x - u) > HEIGHT or abs(y - v) >= HEIGHT


@pytest.mark.parametrize(
    "points",
    [
        [],
        [dataclasses.replace(POINTS[0], psnr_db=math.nan)],
        [dataclasses.replace(POINTS[0], x=0.0)],
        [dataclasses.replace(POINTS[0], series=str(n)) for n in range(5)],
    ],
)
def test_what_cannot_be_drawn_is_refused(points: list[Point]):
    with pytest.raises(DataError, match="Quality against"):
        quality_against_milliseconds(points)
