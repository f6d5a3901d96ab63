"""python -m conversion.to_onnx ckpt [--recipe fp16]

Export a checkpoint as an ONNX model that takes line art, and hints where the net takes any, and
returns a picture or a layer: float32 tensors in [-1, 1], channels last. Several sizes make one
model of open height and width. Recipes: fp32, fp16, int8, w8a8, or all of them.
"""

import functools
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversion.export.artifact import Built, write
from conversion.export.function import tensor_function
from conversion.export.onnx import as_onnx, in_half_precision
from conversion.export.options import ExportOptions
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.followed import followed
from conversion.export.plan import Export, plan_exports
from conversion.export.size import Size
from conversion.export.source import Source
from conversion.interface import tensor_interface
from conversion.recipes import recipe_named
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras

TOOLS = ("tf2onnx", "onnx", "onnxruntime", "tensorflow", "keras")


@dataclass(frozen=True, kw_only=True)
class Options(ExportOptions):
    """What to_onnx.py is told on the command line."""

    any_batch: bool = False  # take any number of pictures at once, in place of one


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    data: Path | None = None,
    sizes: Sequence[Size] = (),
    any_batch: bool = False,
    own: Asked = NOTHING,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (a .onnx; default RUN/exports). Returns the path.

    data: folder whose training drawings calibrate w8a8; default: what the checkpoint was trained
    on. sizes: of the pictures that it takes; default: as trained. any_batch: it takes any number of
    pictures at once.
    Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    exports = plan_exports(
        ckpt,
        output,
        format="onnx",
        recipes=[recipe_named(recipe, format="onnx")],
        sizes=sizes,
        data=data,
        own=own,
        overwrite=overwrite,
    )
    (path,) = written(exports, any_batch=any_batch)
    return path


def written(exports: Sequence[Export], *, any_batch: bool = False) -> Iterator[Path]:
    """Build and write one export after the other. Yields the path of each."""
    source = OnnxSource(exports[0], any_batch=any_batch)
    for export in exports:
        began = time.monotonic()
        with followed(export):
            built = build(export, source)
        yield write(export, built, began=began)


class OnnxSource(Source):
    """What the recipes start from."""

    def __init__(self, export: Export, *, any_batch: bool = False) -> None:
        """export: any one of the exports. any_batch: pictures at once are any number, else one."""
        super().__init__(export)
        self.any_batch = any_batch

    def of(self, generator: "keras.Model") -> Any:
        """Return a generator as an ONNX model in float32."""
        batch = None if self.any_batch else 1
        return as_onnx(tensor_function(generator, self.ports, size=self.open_size, batch=batch))

    @functools.cached_property
    def as_trained(self) -> Any:
        """The ONNX model in float32, which no recipe may change."""
        return self.of(self.generator)


def build(export: Export, source: OnnxSource) -> Built:
    """Return the model that an export asks for, checked."""
    recipe, interface = export.recipe, tensor_interface(export.size, source.ports)
    details: dict[str, str] = {}
    if recipe.calibrated:
        import_tensorflow_quietly()
        from conversion.quantized.equalize import equalized
        from conversion.quantized.joins import with_joins_in_range
        from conversion.quantized.onnx import with_int8_activations

        generator = equalized(source.generator, source.drawings)
        model = source.of(with_joins_in_range(generator, source.samples(interface)))
        model, details = with_int8_activations(model, source.samples(interface))
        details = source.calibrated_on | details
    elif recipe.weights == "int8":
        from conversion.quantized.onnx import with_int8_weights

        model, details = with_int8_weights(source.as_trained)
    elif recipe.weights == "fp16":
        model = in_half_precision(source.as_trained)
    else:
        model = source.as_trained

    import onnx

    onnx.checker.check_model(model, full_check=True)
    return Built(
        save=lambda path: path.write_bytes(model.SerializeToString()),
        interface=interface,
        tools=TOOLS,
        details=details,
        any_batch=source.any_batch,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    for path in written(options.exports("onnx"), any_batch=options.any_batch):
        print(path, flush=True)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
