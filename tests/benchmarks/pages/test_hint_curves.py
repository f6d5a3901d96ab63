from xml.etree import ElementTree

from benchmarks.pages.hint_curves import hint_figures
from tests.training.metrics.hints.measured import MEASURED
from training.metrics.hints.curves import COUNTS


def test_there_is_a_figure_of_psnr_and_one_of_ciede2000():
    figures = hint_figures(MEASURED)
    assert [title.split(",")[0].split(" ")[0] for title, _ in figures] == ["PSNR", "CIEDE2000"]
    for _, svg in figures:
        ElementTree.fromstring(svg)


def test_the_legend_names_model_fill_and_paper():
    for _, svg in hint_figures(MEASURED):
        for name in (
            "this model, dots",
            "this model, strokes",
            "classical fill, dots",
            "uncoloured",
        ):
            assert name in svg


def test_the_axis_counts_hints():
    svg = hint_figures(MEASURED)[0][1]
    assert all(f">{count}</text>" in svg for count in COUNTS)


def test_every_color_is_one_of_the_page():
    for _, svg in hint_figures(MEASURED):
        assert "#" not in svg.replace('"#', "").replace("url(#", "")  # references are no colours


def test_the_same_numbers_give_the_same_bytes():
    assert hint_figures(MEASURED) == hint_figures(MEASURED)
