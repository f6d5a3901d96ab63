"""Convert a generator to an ML Program of pictures, by coremltools, and say in it what it is."""

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from conversion.export.function import image_function
from conversion.export.gelu import teach_coremltools
from conversion.export.origins.origin import Origin
from conversion.export.size import Size
from conversion.interface import (
    CHANNELS,
    HINT_COLOR,
    HINT_MASK,
    IMAGE,
    RESULT,
    Interface,
    Port,
    Ports,
    image_interface,
    times,
)
from training import pixels
from training.picture.ports import COLOR, LAYER, LINEART

if TYPE_CHECKING:
    import keras


def convert_generator(
    generator: "keras.Model",
    ports: Ports,
    *,
    precision: Literal["fp32", "fp16"],
    target: str,
    sizes: Sequence[Size],
) -> Any:
    """Return coremltools' model of pictures as `ports` has them, computed in `precision`.

    sizes: of its pictures; of several it has a list in each input, the first its default. Core ML
    wants the n-th of each at once.
    """
    # Its progress bars and its warnings about the versions of other packages are not ours to
    # pass on: what it makes is checked by benchmarks.parity instead.
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.getLogger("coremltools").setLevel(logging.ERROR)
    import coremltools as ct

    def shapes(channels: int) -> Any:
        each = [(1, *size, channels) for size in sizes]
        return each[0] if len(each) == 1 else ct.EnumeratedShapes(each, default=each[0])

    interface = image_interface(sizes[0], ports)
    grey, rgb = ct.colorlayout.GRAYSCALE, ct.colorlayout.RGB
    layouts = {"gray": grey, "rgb": rgb}
    (first, *_), taken = interface.inputs, ports.taken
    channels = CHANNELS[first.colors]
    if first.kind == "tensor":
        inputs = [ct.TensorType(first.name, shapes(channels))]
    else:
        bias = taken.bias if channels == 1 else channels * [taken.bias]
        layout = layouts[first.colors]
        inputs = [ct.ImageType(first.name, shapes(channels), taken.scale, bias, layout)]
    if interface.takes_hints:
        inputs += [
            ct.ImageType(HINT_COLOR, shapes(3), pixels.SCALE, 3 * [pixels.BIAS], rgb),
            ct.ImageType(HINT_MASK, shapes(1), 1 / 255, 0.0, grey),
        ]
    size = sizes[0] if len(sizes) == 1 else (None, None)
    teach_coremltools()
    return ct.convert(
        [image_function(generator, ports, size=size).get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        inputs=inputs,
        outputs=[
            ct.ImageType(name=interface.output.name, color_layout=layouts[interface.output.colors])
        ],
        compute_precision=ct.precision.FLOAT32 if precision == "fp32" else ct.precision.FLOAT16,
        minimum_deployment_target=ct.target[target],
        pass_pipeline=_passes(),
        skip_model_load=True,
    )


def _passes() -> Any:
    """Return coremltools' passes, by which equal constants become one, however small they are.

    A flood of hints repeats its pads and strides in each of a hundred pools: of the 622 KB of
    `pretrained`'s program 222 were such constants.
    """
    import coremltools as ct

    passes = ct.PassPipeline()
    passes.set_options("common::const_deduplication", {"const_threshold": 1})
    return passes


def describe(
    model: Any, origin: Origin, *, author: str, interface: Interface, sizes: Sequence[Size]
) -> None:
    """Fill in what Xcode shows of a model. sizes: of the pictures that it takes."""
    model.author = author
    model.license = origin.terms
    model.short_description = origin.does
    model.version = f"{origin.version}, {origin.sha256[:12]}"
    model.user_defined_metadata["nurie.checkpoint_sha256"] = origin.sha256
    model.user_defined_metadata["nurie.credit"] = origin.credit.credit
    told = {
        LINEART: "Line drawing, {}, grey: paper is white, ink is black.",
        HINT_COLOR: "Colours wished for, {}, RGB: any where no hint is.",
        HINT_MASK: "Where hints are, {}, grey: white there, else black.",
        IMAGE: "A picture, {}, {colors}.",
        COLOR: "The coloured drawing, {}, RGB.",
        LAYER: "Colours to lay below the drawing's ink, {}, RGB: multiply them.",
        RESULT: "What the net makes of the picture, {}, {colors}.",
    }
    for port in interface.inputs:
        model.input_description[port.name] = _described(told[port.name], port, sizes)
    output, enlarged = interface.output, origin.ports.enlarged
    larger = [times(size, enlarged) for size in sizes]
    model.output_description[output.name] = _described(told[output.name], output, larger)


def _described(sentence: str, port: Port, sizes: Sequence[Size]) -> str:
    pixels_said = f"{' or '.join(f'{width}x{height}' for height, width in sizes)} pixels"
    colors = {"gray": "grey", "rgb": "RGB"}.get(
        port.colors, f"RGBA: pixel x {port.scale:g} + {port.bias:g}"
    )
    return sentence.format(pixels_said, colors=colors)
