"""What a program consists of, counted by hand."""

import numpy as np
from coremltools.converters.mil.mil import Builder as mb

from benchmarks.mil.writing import Written
from conversion.from_coreml import main
from conversion.mlprogram.listing import as_text, list_program


def test_parameters_and_multiplications_are_counted_by_operation(save_program):
    def network(x):
        h = mb.conv(
            x=x, weight=np.ones((4, 3, 3, 5), np.float32), bias=np.ones(4, np.float32), name="c"
        )
        up = np.ones((4, 2, 2, 2), np.float32)
        h = mb.conv_transpose(x=h, weight=up, strides=[2, 2], name="t")
        h = mb.reshape(x=h, shape=[1, 128], name="r")
        return mb.linear(x=h, weight=np.ones((7, 128), np.float32), name="y")

    path = save_program(network, {"x": (1, 3, 6, 8)})
    listing = list_program(path)
    rows = {row.output: row for row in listing.rows}
    assert list(rows) == ["c", "t", "r", "y"]
    # (1, 4, 4, 4) from windows of 3 x 3 x 5; 64 input pixels, each into 2 x 2 x 2 numbers.
    assert (rows["c"].parameters, rows["c"].macs) == (180 + 4, 64 * 45)
    assert (rows["t"].parameters, rows["t"].macs) == (32, 64 * 8)
    assert (rows["r"].parameters, rows["r"].macs) == (0, 0)
    assert rows["y"].macs == 7 * 128
    assert rows["c"].type == "float32[1, 4, 4, 4]"
    assert listing.macs == 64 * 45 + 64 * 8 + 7 * 128
    assert listing.weight_bytes >= 4 * (180 + 4 + 32 + 7 * 128)


def test_the_command_prints_the_list_and_writes_nothing(save_program, capsys):
    def double(x):
        return mb.mul(x=x, y=np.float32([1, 2, 3]), name="y")

    path = save_program(double, {"x": (2, 3)})
    before = sorted(path.parent.iterdir())
    assert main(["--list", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "input   x: an array of float32 and shape (2, 3)" in printed
    assert "float32[2, 3] y" in printed
    assert "1 operations: mul x1" in printed and "3 parameters" in printed
    assert sorted(path.parent.iterdir()) == before


def test_a_damaged_package_is_refused_by_the_command(tmp_path, capsys):
    assert main(["--list", str(tmp_path)]) == 2
    assert "not an .mlpackage" in capsys.readouterr().err


def test_an_output_whose_shape_is_not_described_is_listed_in_words(tmp_path):
    program = Written()
    program.input("x", "int32", (1,))
    program.step("fill", "y", "fp32", (None,), shape="x", value=1.0)
    program.output("y", "fp32", (None,))
    listing = list_program(program.save(tmp_path / "fill.mlpackage"))
    assert "output  y: an array of float32, whose shape the program decides" in as_text(listing)


def test_a_name_that_is_too_long_for_a_terminal_stands_below_its_operation(save_program):
    path = save_program(lambda x: mb.relu(x=x, name="relu" * 12), {"x": (1, 3, 6, 8)})
    listing = list_program(path)
    assert f"float32[1, 3, 6, 8] {'relu' * 12}" in as_text(listing)
    narrow = as_text(listing, width=80).splitlines()
    assert f"    {'relu' * 12}" in narrow
    assert max(len(line) for line in narrow if line.startswith("relu ")) <= 80
