import coremltools as ct
import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import get_new_symbol

from conversion.errors import InvalidInput, InvalidProgram
from conversion.mlprogram.interface import ImageFeature, Sizes
from conversion.mlprogram.model import load
from conversion.mlprogram.together import require_together


def product(a, b):
    return mb.matmul(x=a, y=b, name="y")


@pytest.fixture
def two_lists(save_program):
    """A product of two inputs: (2, 1) with (1, 3), or (4, 1) with (1, 5)."""
    lists = {"a": [(2, 1), (4, 1)], "b": [(1, 3), (1, 5)]}
    specs = [mb.TensorSpec((get_new_symbol(), 1)), mb.TensorSpec((1, get_new_symbol()))]
    inputs = [ct.TensorType(n, ct.EnumeratedShapes(shapes)) for n, shapes in lists.items()]
    return save_program(product, specs, target="iOS18", inputs=inputs)


def test_the_nth_shape_of_each_input_runs_and_no_mixture_of_them(two_lists):
    model = load(two_lists)
    ones = {n: np.ones((n, 1), np.float32) for n in (2, 3, 4, 5)}
    for rows, columns in ((2, 3), (4, 5)):
        made = model.predict({"a": ones[rows], "b": ones[columns].T})["y"]
        np.testing.assert_array_equal(made, np.ones((rows, columns)))
    expected = r"a \(2, 1\) with b \(1, 3\) or a \(4, 1\) with b \(1, 5\); received a \(2, 1\)"
    with pytest.raises(InvalidInput, match=f"{expected} with b .1, 5"):
        model.predict({"a": ones[2], "b": ones[5].T})


def image(name, *sizes, default=None):
    height, width = default or sizes[0]
    listed = tuple((1, 1, *size) for size in sizes)
    return ImageFeature(name, "", "GRAYSCALE", width, height, Sizes(shapes=listed, listed=listed))


def shapes(**sizes):
    return {name: (1, 1, *size) for name, size in sizes.items()}


def test_a_shape_may_stand_twice_in_a_list_to_go_with_two_others():
    inputs = {"a": image("a", (2, 2), (2, 2), (4, 4)), "b": image("b", (1, 1), (3, 3), (3, 3))}
    for a, b in (((2, 2), (1, 1)), ((2, 2), (3, 3)), ((4, 4), (3, 3))):
        require_together(inputs, shapes(a=a, b=b))
    with pytest.raises(InvalidInput, match="takes together"):
        require_together(inputs, shapes(a=(4, 4), b=(1, 1)))


def test_of_lists_that_differ_in_length_the_default_shapes_are_left():
    inputs = {
        "a": image("a", (2, 2), (4, 4), (6, 6), default=(4, 4)),
        "b": image("b", (1, 1), (3, 3)),
    }
    require_together(inputs, shapes(a=(4, 4), b=(1, 1)))
    with pytest.raises(
        InvalidInput, match=r"expected .* a \(1, 1, 4, 4\) with b \(1, 1, 1, 1\); rec"
    ):
        require_together(inputs, shapes(a=(2, 2), b=(1, 1)))


def test_one_list_alone_and_an_absent_input_bind_nothing():
    fixed = ImageFeature("b", "", "GRAYSCALE", 8, 8)
    require_together({"a": image("a", (2, 2), (4, 4)), "b": fixed}, shapes(a=(4, 4), b=(8, 8)))
    inputs = {"a": image("a", (2, 2), (4, 4)), "b": image("b", (1, 1), (3, 3))}
    require_together(inputs, shapes(a=(4, 4)))


def test_a_picture_of_fixed_size_that_follows_a_flexible_input_is_refused(save_program):
    def darker(x):
        return mb.mul(x=x, y=0.5, name="y")

    sizes = ct.EnumeratedShapes([(1, 1, 4, 6), (1, 1, 8, 2)])
    layout = ct.colorlayout.GRAYSCALE
    path = save_program(
        darker,
        [mb.TensorSpec((1, 1, get_new_symbol(), get_new_symbol()))],
        inputs=[ct.ImageType("x", sizes, color_layout=layout)],
        outputs=[ct.ImageType("y", color_layout=layout)],
    )
    file = path / "Data" / "com.apple.CoreML" / "model.mlmodel"
    spec = ct.proto.Model_pb2.Model.FromString(file.read_bytes())
    picture = spec.description.output[0].type.imageType
    # Passes set these that `save_program` leaves out.
    picture.colorSpace = spec.description.input[0].type.imageType.colorSpace
    picture.width, picture.height = 6, 4
    picture.ClearField("imageSizeRange")
    file.write_bytes(spec.SerializeToString())
    with pytest.raises(InvalidProgram, match="'y': described as .* 6x4 .* follows that of a flexi"):
        load(path)
