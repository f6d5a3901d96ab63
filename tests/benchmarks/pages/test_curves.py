from xml.etree import ElementTree

import pytest

from benchmarks.pages.curves import curve_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_figure_is_one_svg_element_with_its_title():
    root = ElementTree.fromstring(curve_svg("PSNR < 20 & more", {"validation": [1.0, 2.0]}))
    assert root.tag == f"{SVG}svg"
    assert root[0].text == "PSNR < 20 & more"
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib  # it fills its column


def test_every_color_is_one_of_the_page():
    svg = curve_svg("l1", {"training": [3.0, 2.0], "validation": [3.0, 2.5]})
    assert "#" not in svg.replace('"#', "").replace("url(#", "")  # references are no colours
    assert "var(--series-1)" in svg
    assert "var(--series-2)" in svg


def test_the_legend_names_both_series_and_a_single_one_needs_none():
    assert "discriminator" in curve_svg("a", {"generator": [1.0], "discriminator": [2.0]})
    assert "validation" not in curve_svg("a", {"validation": [1.0, 2.0]})


def test_the_same_numbers_give_the_same_bytes():
    assert curve_svg("a", {"b": [1.0, 2.0]}) == curve_svg("a", {"b": [1.0, 2.0]})


def test_a_third_series_is_refused():
    with pytest.raises(ValueError, match="zip"):
        curve_svg("a", {"b": [1.0], "c": [1.0], "d": [1.0]})
