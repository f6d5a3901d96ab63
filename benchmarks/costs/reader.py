"""Read what a model costs, whatever its format."""

from pathlib import Path

from benchmarks.costs import coreai, mlprogram, onnx, tflite
from benchmarks.costs.layers import Cost
from conversion.errors import ArtifactError
from training.errors import NurieError

READERS = {
    ".mlpackage": mlprogram.read_cost,
    ".onnx": onnx.read_cost,
    ".tflite": tflite.read_cost,
    ".aimodel": coreai.read_cost,
}


def cost_of(artifact: Path) -> Cost:
    """Read an .mlpackage, .onnx, .tflite or .aimodel, ours or anybody's. It needs no manifest.

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
        raise ArtifactError(f"{artifact} does not exist. Expected the path of an exported model.")
    try:
        return READERS[artifact.suffix](artifact)
    except (NurieError, MemoryError):
        raise
    except Exception as error:  # the parsers' errors share no class
        raise ArtifactError(
            f"{artifact} cannot be read as {artifact.suffix} ({type(error).__name__}: {error}). "
            "Export it again with --overwrite."
        ) from error
