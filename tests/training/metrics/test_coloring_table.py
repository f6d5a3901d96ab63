import dataclasses

from training.metrics.coloring import ColoringSummary, Estimate
from training.metrics.coloring_table import COLUMNS, KID, cell, columns_of, explanation
from training.metrics.kid.distance import KernelDistance


def estimate(value: float) -> Estimate:
    return Estimate(value=value, low=value - 0.25, high=value + 0.25)


def coloring(**changes: object) -> ColoringSummary:
    summary = ColoringSummary(
        psnr_db=estimate(20),
        ssim=estimate(0.5),
        ms_ssim=estimate(0.625),
        ciede2000_mean=estimate(7),
        ciede2000_p99=estimate(40),
        colorfulness_ratio=estimate(0.75),
        bleeding=estimate(0.375),
        kid=None,
    )
    return dataclasses.replace(summary, **changes)


def distance(drawings: int) -> KernelDistance:
    return KernelDistance(
        value=0.015,
        low=-0.001,
        high=0.031,
        drawings=drawings,
        subset_size=min(drawings // 2, 1000),
        subset_mean=0.016,
        subset_std=0.004,
    )


def test_every_number_has_its_column_and_interval():
    cells = {column.name: cell(coloring(), column) for column in COLUMNS}
    assert cells == {
        "PSNR dB": ("20.00", "19.75 to 20.25"),
        "SSIM": ("0.500", "0.250 to 0.750"),
        "MS-SSIM": ("0.625", "0.375 to 0.875"),
        "CIEDE2000": ("7.00", "6.75 to 7.25"),
        "p99": ("40.0", "39.8 to 40.2"),
        "colour": ("0.75", "0.50 to 1.00"),
        "bleeding": ("0.38", "0.12 to 0.62"),
    }


def test_a_number_that_does_not_exist_is_not_written_as_one():
    row = coloring(psnr_db=None, bleeding=None)
    cells = {column.name: cell(row, column) for column in COLUMNS}
    assert cells["PSNR dB"] == ("\N{INFINITY}", "")
    assert cells["bleeding"] == ("\N{EN DASH}", "")


def test_kid_has_a_column_only_where_it_was_measured():
    assert columns_of({"model": coloring()}) == COLUMNS
    measured = coloring(kid=distance(169))
    assert columns_of({"model": measured}) == (*COLUMNS, KID)
    assert cell(measured, KID) == ("0.0150", "-0.0010 to 0.0310")


def test_fewer_scales_than_published_are_said():
    text = " ".join(explanation({"model": coloring()}, ms_ssim_scales=3))
    assert "MS-SSIM: pictures of this size have 3 of 5 scales" in text
    assert "scales" not in " ".join(explanation({"model": coloring()}, ms_ssim_scales=5))


def test_a_small_sample_for_kid_is_said_with_its_spread():
    text = " ".join(explanation({"model": coloring(kid=distance(169))}, ms_ssim_scales=5))
    assert "100 subsets of 84 have 0.0160 ± 0.0040" in text
    assert "169 are few" in text


def test_a_large_sample_for_kid_is_not_called_few():
    text = " ".join(explanation({"model": coloring(kid=distance(2500))}, ms_ssim_scales=5))
    assert "2500 drawings" in text
    assert "few" not in text


def test_without_kid_nothing_is_said_of_it():
    assert "KID" not in " ".join(explanation({"model": coloring()}, ms_ssim_scales=5))
