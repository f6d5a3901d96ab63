"""Convert a generator to an ML Program of pictures, by coremltools, and say in it what it is."""

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from conversion.export.function import image_function, ports_of
from conversion.export.size import Size
from conversion.interface import HINT_COLOR, HINT_MASK, Interface
from training import pixels
from training.picture.ports import LINEART
from training.run.checkpoint import Checkpoint

if TYPE_CHECKING:
    import keras


def convert_generator(
    generator: "keras.Model",
    *,
    precision: Literal["fp32", "fp16"],
    target: str,
    sizes: Sequence[Size],
) -> Any:
    """Return coremltools' model: a grey picture in, an RGB picture out, computed in `precision`.

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

    ports = ports_of(generator)
    grey, rgb = ct.colorlayout.GRAYSCALE, ct.colorlayout.RGB
    inputs = [ct.ImageType(LINEART, shapes(1), pixels.SCALE, pixels.BIAS, grey)]
    if ports.hints:
        inputs += [
            ct.ImageType(HINT_COLOR, shapes(3), pixels.SCALE, 3 * [pixels.BIAS], rgb),
            ct.ImageType(HINT_MASK, shapes(1), 1 / 255, 0.0, grey),
        ]
    size = sizes[0] if len(sizes) == 1 else (None, None)
    return ct.convert(
        [image_function(generator, size=size).get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        inputs=inputs,
        outputs=[ct.ImageType(name=ports.output, color_layout=rgb)],
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
    model: Any,
    checkpoint: Checkpoint,
    *,
    author: str,
    interface: Interface,
    sizes: Sequence[Size],
) -> None:
    """Fill in what Xcode shows of a model. sizes: of its pictures."""
    pixels_said = f"{' or '.join(f'{width}x{height}' for height, width in sizes)} pixels"
    model.author = author
    model.license = f"Trained on {checkpoint.data.source} ({checkpoint.data.licence})"
    model.short_description = "Colours line art."
    model.version = f"epoch {checkpoint.epoch}, {checkpoint.sha256[:12]}"
    model.user_defined_metadata["nurie.checkpoint_sha256"] = checkpoint.sha256
    model.user_defined_metadata["nurie.credit"] = checkpoint.data.credit
    told = {
        LINEART: f"Line drawing, {pixels_said}, grey: paper is white, ink is black.",
        HINT_COLOR: f"Colours wished for, {pixels_said}, RGB: any where no hint is.",
        HINT_MASK: f"Where hints are, {pixels_said}, grey: white there, else black.",
    }
    for port in interface.inputs:
        model.input_description[port.name] = told[port.name]
    model.output_description[interface.output.name] = (
        f"Colours to lay below the drawing's ink, {pixels_said}, RGB: multiply them."
        if interface.under_ink
        else f"The coloured drawing, {pixels_said}, RGB."
    )
