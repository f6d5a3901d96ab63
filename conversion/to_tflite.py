"""python -m conversion.to_tflite ckpt [--recipe fp16]

Export a checkpoint as a TFLite model of builtin operations, channels last. It takes line art, and
hints where the net takes any, and returns a picture or a layer: float32 tensors in [-1, 1], with
w8a8 uint8 pixels. Several sizes make one model, whose inputs are resized before it runs.
Recipes: fp32, fp16, int8, w8a8, w8a16, or all of them.
"""

import functools
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversion.export.artifact import Built, write
from conversion.export.function import byte_function, tensor_function
from conversion.export.options import ExportOptions
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.followed import followed
from conversion.export.plan import Export, plan_exports
from conversion.export.size import Size
from conversion.export.source import Source
from conversion.interface import byte_interface, tensor_interface
from conversion.quantized.flatbuffer import require_builtin
from conversion.recipes import Recipe, recipe_named
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras

SIGNATURE = "colorize"
TOOLS = ("tensorflow", "keras")


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    data: Path | None = None,
    sizes: Sequence[Size] = (),
    own: Asked = NOTHING,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (a .tflite; default RUN/exports). Returns the path.

    data: folder whose training drawings calibrate w8a8 and w8a16; default: what the checkpoint was
    trained on. sizes: of the pictures that it takes; default: as trained.
    Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    exports = plan_exports(
        ckpt,
        output,
        format="tflite",
        recipes=[recipe_named(recipe, format="tflite")],
        sizes=sizes,
        data=data,
        own=own,
        overwrite=overwrite,
    )
    (path,) = written(exports)
    return path


def written(exports: Sequence[Export]) -> Iterator[Path]:
    """Build and write one export after the other. Yields the path of each."""
    source = TfliteSource(exports[0])
    for export in exports:
        began = time.monotonic()
        with followed(export):
            built = build(export, source)
        yield write(export, built, began=began)


class TfliteSource(Source):
    """What the recipes start from."""

    @functools.cached_property
    def as_trained(self) -> "SavedFunction":
        """The function of float tensors."""
        return SavedFunction(
            self.generator, tensor_function(self.generator, self.ports, size=self.open_size)
        )

    @functools.cached_property
    def equalized(self) -> "keras.Model":
        """The generator as recipes of integers want it."""
        from conversion.quantized.equalize import equalized
        from conversion.quantized.joins import with_joins_in_range
        from conversion.quantized.plain_selu import with_plain_selu

        generator = equalized(with_plain_selu(self.generator), self.drawings)
        values = tensor_interface(self.size, self.ports)
        return with_joins_in_range(generator, self.samples(values))


class SavedFunction:
    """A SavedModel with one endpoint, in a folder that goes when this does.

    Converters start from it, since from_concrete_functions loses the variables of a Keras 3 model
    and returns NaN.
    """

    def __init__(self, generator: "keras.Model", function: Any) -> None:
        """function: what the endpoint computes; generator: whose weights it uses."""
        import keras

        self._folder = tempfile.TemporaryDirectory()
        archive = keras.export.ExportArchive()
        archive.track(generator)
        archive.add_endpoint(SIGNATURE, function)
        archive.write_out(self._folder.name, verbose=False)

    def converter(self) -> Any:
        """Return a tf.lite.TFLiteConverter, not yet set up."""
        import tensorflow as tf

        return tf.lite.TFLiteConverter.from_saved_model(
            self._folder.name, signature_keys=[SIGNATURE]
        )


def build(export: Export, source: TfliteSource) -> Built:
    """Return the model that an export asks for, of builtin operations alone."""
    recipe = export.recipe
    in_bytes = recipe.activations == "int8"
    interface = (byte_interface if in_bytes else tensor_interface)(export.size, source.ports)
    details: dict[str, str] = {}
    if not recipe.calibrated:
        converter = source.as_trained.converter()
        _store_weights(converter, recipe)
        model: bytes = converter.convert()
    else:
        samples = list(source.samples(interface))
        generator = source.equalized
        from conversion.quantized import tflite

        function = byte_function if in_bytes else tensor_function
        saved = SavedFunction(generator, function(generator, source.ports, size=source.open_size))
        quantized = tflite.w8a8 if in_bytes else tflite.w8a16
        with warnings.catch_warnings():
            # TensorFlow calibrates with its own interpreter, and warns its users of that.
            warnings.filterwarnings("ignore", r"\s*Warning: tf\.lite\.Interpreter is deprecated")
            model = quantized(saved.converter(), samples, signature=SIGNATURE)
        tflite.require_runs(model, samples[0])
        details = source.calibrated_on | tflite.details(model)
    require_builtin(model)
    return Built(
        save=lambda path: path.write_bytes(model),
        interface=interface,
        tools=TOOLS,
        details=details,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(ExportOptions, _work, argv=argv, description=__doc__)


def _work(options: ExportOptions) -> int:
    for path in written(options.exports("tflite")):
        print(path, flush=True)
    return DONE


def _store_weights(converter: Any, recipe: Recipe) -> None:
    import_tensorflow_quietly()
    import tensorflow as tf

    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]  # no flex operation
    if recipe.weights != "fp32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]  # by itself: weights in int8
    if recipe.weights == "fp16":
        converter.target_spec.supported_types = [tf.float16]


if __name__ == "__main__":
    sys.exit(main())
