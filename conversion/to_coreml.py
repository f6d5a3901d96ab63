"""python -m conversion.to_coreml ckpt [--recipe fp16] [--target iOS16]

Export a checkpoint as a Core ML ML Program that takes a grey picture, and two of hints where the
net takes any, and returns an RGB picture: the finished one, or a layer that belongs under the ink.
Several sizes make one model that takes pictures of each; of a net with hints it needs iOS 18.
Recipes: fp32, fp16, int8, palette8, palette6, palette4, prune50-palette6, w8a8; "all": each of
these that the target can run; "auto": each layer in as few bits as --min-psnr allows.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from conversion.export.artifact import Built, write
from conversion.export.options import DEFAULT_AUTHOR, ExportOptions, wanted_db
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.followed import followed
from conversion.export.plan import Export, credited, plan_exports
from conversion.export.size import Size
from conversion.export.source import Source
from conversion.interface import image_interface
from conversion.recipes import is_at_least, recipe_named
from training.data.named import AS_PREPARED, Terms
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    import numpy as np

    from conversion.compression.search import Search

TOOLS = ("coremltools", "tensorflow", "keras")


@dataclass(frozen=True, kw_only=True)
class Options(ExportOptions):
    """What to_coreml.py is told on the command line."""

    min_psnr: float | None = None  # for auto: dB that the worst drawing must reach; default: 35
    target: str | None = None  # oldest iOS that must run it; default: the recipe's oldest
    author: str = DEFAULT_AUTHOR  # author that Xcode shows


def convert(
    ckpt: Path,
    output: Path | None = None,
    *,
    recipe: str = "fp16",
    min_psnr_db: float | None = None,
    target: str | None = None,
    data: Path | None = None,
    author: str = DEFAULT_AUTHOR,
    sizes: Sequence[Size] = (),
    terms: Terms = AS_PREPARED,
    own: Asked = NOTHING,
    overwrite: bool = False,
) -> Path:
    """Export a checkpoint to `output` (a .mlpackage; default RUN/exports). Returns the path.

    min_psnr_db: of the recipe auto; default 35. data: folder whose training drawings w8a8 and auto
    are held to; default: what the checkpoint was trained on. sizes: of the pictures that it takes;
    default: as trained. terms: that the model states.
    Raises CheckpointError, UnsupportedTarget, OutputExists, DataError, ConversionError.
    """
    chosen = recipe_named(recipe, format="coreml")
    min_db = wanted_db(min_psnr_db, recipe=chosen.name)
    exports = plan_exports(
        ckpt,
        output,
        format="coreml",
        recipes=[chosen],
        target=target,
        sizes=sizes,
        data=data,
        own=own,
        overwrite=overwrite,
    )
    (path,) = written(credited(exports, terms), min_psnr_db=min_db, author=author)
    return path


def written(exports: Sequence[Export], *, min_psnr_db: float, author: str) -> Iterator[Path]:
    """Build and write one export after the other. Yields the path of each."""
    source = CoreMLSource(exports[0])
    for export in exports:
        began = time.monotonic()
        with followed(export):
            built = build(export, source, min_psnr_db=min_psnr_db, author=author)
        yield write(export, built, began=began)


class CoreMLSource(Source):
    """What the recipes start from."""

    _last: tuple[tuple[str, str], Any] | None = None
    _moments: "tuple[str, dict[str, np.ndarray]] | None" = None

    def program(self, precision: Literal["fp32", "fp16"], *, target: str) -> Any:
        """Return the program as trained; the last one is kept, since most recipes share it."""
        from conversion.coreml.program import convert_generator

        key = (precision, target)
        if self._last is None or self._last[0] != key:
            model = convert_generator(
                self.generator, self.ports, precision=precision, target=target, sizes=self.sizes
            )
            self._last = key, model
        return self._last[1]

    def moments(self, model: Any, *, target: str) -> "dict[str, np.ndarray]":
        """Return which inputs of each layer go together at the first size; the last are kept.

        model: the program of `target` in float16. Raises DataError.
        """
        from conversion.coreml.moments import moments_of

        if self._moments is None or self._moments[0] != target:
            interface = image_interface(self.size, self.ports)
            self._moments = target, moments_of(model, self.drawings, interface=interface)
        return self._moments[1]


def build(export: Export, source: CoreMLSource, *, min_psnr_db: float, author: str) -> Built:
    """Return the model that an export asks for. min_psnr_db: of the recipe auto."""
    recipe, target = export.recipe, export.target
    assert target is not None  # every plan for Core ML has one
    from conversion.coreml import activations, auto, package, program, weights

    precision: Literal["fp32", "fp16"] = "fp32" if recipe.weights == "fp32" else "fp16"
    model = source.program(precision, target=target)
    grouped = is_at_least(target, weights.GROUPED_SINCE)
    interface = image_interface(export.size, source.ports)
    details: dict[str, str] = {}
    found: Search | None = None
    if recipe.weights == "searched":
        model, details, found = auto.store_automatically(
            model, source, interface=interface, min_psnr_db=min_psnr_db, grouped=grouped
        )
    elif recipe.calibrated:
        drawn = list(source.drawings_by_size.values())
        model, details = activations.quantize(model, drawn, interface=interface)
        details = source.calibrated_on | details
    elif recipe.sparsity:
        model, details = weights.store_pruned(model, recipe.weights, sparsity=recipe.sparsity)
    elif recipe.weights != precision:
        compensated = "coreml" in recipe.compensated
        model, details = weights.store_uniformly(
            model,
            recipe.weights,
            grouped=grouped,
            moments=source.moments(model, target=target) if compensated else {},
        )
        details = (source.calibrated_on if compensated else {}) | details
    program.describe(model, export.origin, author=author, interface=interface, sizes=export.sizes)
    return Built(
        save=lambda path: package.save(model, path),
        interface=interface,
        tools=TOOLS,
        details=details,
        gate_db=found.min_psnr_db if found else None,
        search=found.as_json() if found else None,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    min_db = wanted_db(options.min_psnr, recipe=options.recipe)
    exports = options.exports("coreml", target=options.target)
    for path in written(exports, min_psnr_db=min_db, author=options.author):
        print(path, flush=True)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
