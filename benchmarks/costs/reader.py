"""Read what a model costs, whatever its format."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.costs import coreai, mlprogram, onnx, tflite
from benchmarks.costs.layers import Cost
from conversion.errors import ArtifactError
from training.errors import NurieError
from training.settings.sizes import Size, said
from training.terminal.meant import path_meant

READERS: dict[str, Callable[..., Cost]] = {
    ".mlpackage": mlprogram.read_cost,
    ".onnx": onnx.read_cost,
    ".tflite": tflite.read_cost,
    ".aimodel": coreai.read_cost,
}
OPEN = (".onnx", ".tflite")  # height and width may be open: these are told a size


def cost_of(artifact: Path, *, size: Size | None = None) -> Cost:
    """Read an .mlpackage, .onnx, .tflite or .aimodel, ours or anybody's. It needs no manifest.

    size: at which an .onnx or .tflite of open height and width is counted; default: the first that
    its manifest names. The others are counted at the first of their own sizes.
    Raises ArtifactError for another or a damaged file, InvalidProgram and UnsupportedOps for an
    .mlpackage.
    """
    if artifact.suffix not in READERS:
        raise ArtifactError(
            f"{artifact}: expected a model whose name ends in {', '.join(READERS)}, received "
            f"{artifact.name!r}. Of a checkpoint, export one first, such as by "
            "conversion.to_coreml."
        )
    if not artifact.exists():
        raise ArtifactError(
            f"{artifact} does not exist. Expected the path of an exported model."
            f"{path_meant(artifact)}"
        )
    if size is not None and artifact.suffix not in OPEN:
        raise ArtifactError(
            f"{artifact}: --size belongs to {' and '.join(OPEN)}; received --size {said(size)}. "
            "Leave it out: this is counted at the first of its own sizes."
        )
    try:
        told = {"size": size} if artifact.suffix in OPEN else {}
        return READERS[artifact.suffix](artifact, **told)
    except (NurieError, MemoryError):
        raise
    except Exception as error:  # the parsers' errors share no class
        raise ArtifactError(
            f"{artifact} cannot be read as {artifact.suffix} ({type(error).__name__}: {error}). "
            "Export it again with --overwrite."
        ) from error
