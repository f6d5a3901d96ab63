"""Convert a generator to an ML Program of pictures, by coremltools, and say in it what it is."""

import logging
import os
from typing import TYPE_CHECKING, Any, Literal

from conversion.export.function import image_function
from conversion.export.size import Size
from conversion.interface import INPUT_NAME, OUTPUT_NAME
from training import pixels
from training.run.checkpoint import Checkpoint

if TYPE_CHECKING:
    import keras


def convert_generator(
    generator: "keras.Model", *, precision: Literal["fp32", "fp16"], target: str, size: Size
) -> Any:
    """Return coremltools' model: a grey picture in, an RGB picture out, computed in `precision`."""
    # Its progress bars and its warnings about the versions of other packages are not ours to
    # pass on: what it makes is checked by benchmarks.parity instead.
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.getLogger("coremltools").setLevel(logging.ERROR)
    import coremltools as ct

    return ct.convert(
        [image_function(generator, size=size).get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        inputs=[
            ct.ImageType(
                name=INPUT_NAME,
                shape=(1, *size, 1),
                scale=pixels.SCALE,
                bias=pixels.BIAS,
                color_layout=ct.colorlayout.GRAYSCALE,
            )
        ],
        outputs=[ct.ImageType(name=OUTPUT_NAME, color_layout=ct.colorlayout.RGB)],
        compute_precision=ct.precision.FLOAT32 if precision == "fp32" else ct.precision.FLOAT16,
        minimum_deployment_target=ct.target[target],
        skip_model_load=True,
    )


def describe(model: Any, checkpoint: Checkpoint, *, author: str, size: Size) -> None:
    """Fill in what Xcode shows of a model."""
    height, width = size
    model.author = author
    model.license = f"Trained on {checkpoint.data.source} ({checkpoint.data.licence})"
    model.short_description = "Colours line art."
    model.version = f"epoch {checkpoint.epoch}, {checkpoint.sha256[:12]}"
    model.user_defined_metadata["nurie.checkpoint_sha256"] = checkpoint.sha256
    model.user_defined_metadata["nurie.credit"] = checkpoint.data.credit
    model.input_description[INPUT_NAME] = (
        f"Line drawing, {width}x{height} pixels, grey: paper is white, ink is black."
    )
    model.output_description[OUTPUT_NAME] = f"The coloured drawing, {width}x{height} pixels, RGB."
