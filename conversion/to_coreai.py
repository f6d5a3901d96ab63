"""python -m conversion.to_coreai ckpt|model.mlpackage [--recipe fp16] [--size 64,128x96]

Export a checkpoint as a Core AI asset for iOS 27 and macOS 27, an .aimodel that takes line art, and
hints where the net takes any, and returns a picture or a layer: float32 tensors in [-1, 1],
channels last. Several sizes become entry points that share their weights.
Recipes: fp32, fp16, int8, palette8, palette6, palette4, w8a8; "all": each of these; "auto": each
layer in as few bits as --min-psnr allows. palette6, palette4, w8a8 and auto look at drawings of
the data set. Needs the extra [coreai].
Of an .mlpackage, anybody's, it makes an asset of its default sizes, and compares the two.
"""

import functools
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversion.coreai import api
from conversion.errors import ConversionError
from conversion.export.artifact import Built, write
from conversion.export.feeds import feeds
from conversion.export.function import tensor_function
from conversion.export.onnx import as_onnx, in_half_precision
from conversion.export.options import DEFAULT_AUTHOR, ExportOptions, wanted_db
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.followed import followed
from conversion.export.plan import (
    SUFFIXES,
    Export,
    credited,
    marker_of,
    plan_exports,
    require_suffix,
)
from conversion.export.size import Size, parse_sizes
from conversion.export.source import Source
from conversion.interface import tensor_interface
from conversion.recipes import Recipe, recipe_named, recipes_asked_for
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    from conversion.compression.search import Search

TOOLS = ("coreai-core", "coreai-onnx", "tf2onnx", "onnx", "tensorflow", "keras")


@dataclass(frozen=True, kw_only=True)
class Options(ExportOptions):
    """What to_coreai.py is told on the command line."""

    min_psnr: float | None = None  # for auto: dB that the worst drawing must reach; default: 35
    author: str = DEFAULT_AUTHOR  # author that Xcode shows


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    min_psnr_db: float | None = None,
    data: Path | None = None,
    author: str = DEFAULT_AUTHOR,
    sizes: Sequence[Size] = (),
    own: Asked = NOTHING,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (an .aimodel; default RUN/exports). Returns the path.

    min_psnr_db: of the recipe auto; default 35. data: folder whose training drawings w8a8 and auto
    are held to; default: what the checkpoint was trained on. sizes: one entry point each, the
    first is main; default: as trained.
    Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    chosen = recipe_named(recipe, format="coreai")
    min_db = wanted_db(min_psnr_db, recipe=chosen.name)
    exports = planned(
        ckpt, output, recipes=[chosen], sizes=sizes, data=data, own=own, overwrite=overwrite
    )
    (path,) = written(exports, min_psnr_db=min_db, author=author)
    return path


def planned(
    ckpt: Path,
    output: Path | None,
    *,
    recipes: Sequence[Recipe],
    sizes: Sequence[Size],
    data: Path | None,
    own: Asked = NOTHING,
    overwrite: bool,
) -> list[Export]:
    """Return one export for each recipe, refused as `plan_exports` does, and without the extra."""
    api.require_installed()
    # Activations and searches are of one size; the inputs of a layer are alike at all of them.
    looking = [each.name for each in recipes if each.calibrated or each.weights == "searched"]
    if looking and len(sizes) > 1:
        raise ConversionError(
            f"--size: {', '.join(looking)} looks at drawings of one size, received {len(sizes)} "
            "sizes. Name one, or choose another recipe."
        )
    return plan_exports(
        ckpt,
        output,
        format="coreai",
        recipes=recipes,
        sizes=sizes,
        data=data,
        own=own,
        overwrite=overwrite,
    )


def written(exports: Sequence[Export], *, min_psnr_db: float, author: str) -> Iterator[Path]:
    """Build and write one export after the other. Yields the path of each."""
    source = CoreaiSource(exports[0])
    for export in exports:
        began = time.monotonic()
        with followed(export):
            built = build(export, source, min_psnr_db=min_psnr_db, author=author)
        yield write(export, built, began=began)


class CoreaiSource(Source):
    """What the recipes start from: ONNX, which Core AI programs are made of."""

    def __init__(self, export: Export) -> None:
        """export: any one of the exports."""
        super().__init__(export)
        self._as_trained: dict[Size, Any] = {}
        self._first = export.size

    def as_trained(self, size: Size) -> Any:
        """Return the ONNX model of a size in float32, which no recipe may change."""
        if size not in self._as_trained:
            self._as_trained[size] = as_onnx(tensor_function(self.generator, self.ports, size=size))
        return self._as_trained[size]

    @functools.cached_property
    def moments(self) -> dict[str, Any]:
        """Which inputs of each layer go together, at the first size. Raises DataError."""
        from conversion.compression.moments import moments
        from conversion.coreai.weights import compensated_layers

        model, interface = self.as_trained(self._first), tensor_interface(self._first, self.ports)
        samples = [feeds(interface, lineart, hints) for lineart, hints in self.drawings]
        return moments(model, samples, [layer.name for layer in compensated_layers(model)])


def build(export: Export, source: CoreaiSource, *, min_psnr_db: float, author: str) -> Built:
    """Return the asset that an export asks for. min_psnr_db: of the recipe auto."""
    from conversion.coreai import asset, program

    points = asset.entry_points(export.sizes)
    models: dict[str, Any] = {}
    found: Search | None = None
    for name, size in points.items():
        models[name], details, found = _stored(
            export.recipe, source, size=size, min_psnr_db=min_psnr_db
        )
    made = program.program_of(models)
    interface = tensor_interface(export.size, source.ports)
    metadata = asset.metadata_of(export.origin, author=author, under_ink=interface.under_ink)
    return Built(
        save=lambda path: program.save(made, path, metadata=metadata),
        interface=interface,
        tools=TOOLS,
        details=details,
        gate_db=found.min_psnr_db if found else None,
        search=found.as_json() if found else None,
    )


def _stored(
    recipe: Recipe, source: CoreaiSource, *, size: Size, min_psnr_db: float
) -> tuple[Any, dict[str, str], "Search | None"]:
    """Return the ONNX model of a size as the recipe stores it, what was done, and the search."""
    from conversion.coreai import auto, weights

    interface = tensor_interface(size, source.ports)
    if recipe.weights == "searched":
        model = source.as_trained(size)
        return auto.store_automatically(model, source, interface=interface, min_psnr_db=min_psnr_db)
    if recipe.calibrated:
        import_tensorflow_quietly()
        from conversion.quantized.equalize import equalized
        from conversion.quantized.joins import with_joins_in_range
        from conversion.quantized.onnx import with_int8_activations

        generator = equalized(source.generator, source.drawings)
        generator = with_joins_in_range(generator, source.samples(interface))
        model = as_onnx(tensor_function(generator, source.ports, size=size))
        model, details = with_int8_activations(model, source.samples(interface))
        return weights.with_float_biases(model), source.calibrated_on | details, None
    model = source.as_trained(size)
    if recipe.weights in weights.PALETTE_BITS:
        compensated = "coreai" in recipe.compensated
        told = source.calibrated_on if compensated else {}
        model, details = weights.store_uniformly(
            model, recipe.weights, moments=source.moments if compensated else {}
        )
        return model, told | details, None
    if recipe.weights == "int8":
        from conversion.quantized.onnx import with_int8_weights

        return *with_int8_weights(model), None
    if recipe.weights == "fp16":
        return in_half_precision(model), {}, None
    return model, {}, None


def convert_package(package: Path, output: Path, *, overwrite: bool = False) -> float:
    """Write an ML Program as an .aimodel; return how close the two compute, in dB.

    See conversion.runtimes.agreement. Raises InvalidProgram, UnsupportedOps, OutputExists,
    ConversionError.
    """
    api.require_installed()
    require_suffix(output, format="coreai")
    require_absent(output, overwrite=overwrite, marker=marker_of("coreai"))
    from conversion.coreai import foreign
    from conversion.runtimes.agreement import agreement_db

    model = foreign.as_onnx(package)
    with written_whole(output, overwrite=overwrite, marker=marker_of("coreai")) as partial:
        foreign.write_asset(model, partial)
        return agreement_db(model, partial, foreign.random_inputs(model))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.ckpt.suffix == SUFFIXES["coreml"]:
        return _package(options)
    min_db = wanted_db(options.min_psnr, recipe=options.recipe)
    exports = planned(
        options.ckpt,
        options.output,
        recipes=recipes_asked_for(options.recipe, format="coreai"),
        sizes=parse_sizes(options.size) if options.size else (),
        data=options.data,
        own=options.own,
        overwrite=options.overwrite,
    )
    exports = credited(exports, options.terms)
    for path in written(exports, min_psnr_db=min_db, author=options.author):
        print(path, flush=True)
    return DONE


def _package(options: Options) -> int:
    from conversion.runtimes.agreement import AGREES_DB

    of_checkpoints = (options.size, options.data, options.min_psnr)
    if options.recipe != Options.recipe or any(each is not None for each in of_checkpoints):
        raise ConversionError(
            f"{options.ckpt}: --recipe, --size, --data and --min-psnr belong to checkpoints. Leave "
            "them out: an ML Program keeps its weights and its default sizes."
        )
    # Not model.aimodel: that is what a checkpoint gives, with another interface.
    default = options.ckpt.with_name(f"{options.ckpt.name}{SUFFIXES['coreai']}")
    output = options.output or default
    close_db = convert_package(options.ckpt, output, overwrite=options.overwrite)
    print(f"{close_db:.1f} dB between ONNX Runtime and Core AI on random inputs", file=sys.stderr)
    print(output)
    return DONE if close_db >= AGREES_DB else FAILED


if __name__ == "__main__":
    sys.exit(main())
