"""The JSON beside an exported model: everything a consumer needs, nothing retyped.

model.mlpackage has its manifest in model.mlpackage.json. It names the checkpoint and the bytes of
the artifact by SHA-256, so that a picture can be traced to the weights that drew it.
"""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from conversion.errors import ArtifactError
from conversion.interface import Interface
from conversion.recipes import Format
from training.files.hashes import file_sha256, files_sha256
from training.files.record_format import RecordFormat
from training.terminal.meant import path_meant


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an exported model is, takes and returns."""

    artifact: str  # file or folder name, beside the manifest
    format: Format
    recipe: str
    target: str | None  # Core ML deployment target
    bytes: int  # of the file, or of all files of the package
    sha256: str  # of the artifact: see `artifact_sha256`
    checkpoint: str  # run and epoch that it was made from, by their names
    checkpoint_sha256: str
    interface: Interface  # at the first of its sizes
    # Height and width of the pictures that it serves: at another than the first, the ports' shapes
    # have that height and width (`Interface.at`).
    sizes: tuple[tuple[int, int], ...]
    any_batch: bool  # it takes several pictures at once: the first axis of its ports is open
    # Thinnest and thickest line that the network learned, in pixels; None: nobody knows.
    line_width_px: tuple[float, float] | None
    trained_px: int  # shorter side of the pictures that it was trained on
    stride_px: int  # what the sides of an export for other pictures must be multiples of
    gate_db: float | None  # PSNR that it was made to reach; None: the gate of its recipe
    details: dict[str, str]  # how the recipe was carried out, in words for people
    conversion_s: float  # seconds that the conversion took
    conversion_peak_mb: float  # most memory that the converting process had held by then
    source: str  # of the training pictures
    licence: str
    credit: str
    tools: dict[str, str]  # package -> version

    def __post_init__(self) -> None:
        first = self.interface.height_width
        if self.sizes[:1] != (first,) or len(set(self.sizes)) < len(self.sizes):
            raise ArtifactError(
                f"sizes: expected {first}, that of the ports, and others, each once, received "
                f"{self.sizes}."
            )
        if any(side < 1 for size in self.sizes for side in size):
            raise ArtifactError(f"sizes: expected 1 pixel or more, received {self.sizes}.")

    def interface_at(self, size: tuple[int, int]) -> Interface:
        """Return the interface at one of the sizes. Raises ArtifactError for another."""
        if size not in self.sizes:
            height, width = size
            served = ", ".join(f"{w}x{h}" for h, w in self.sizes)
            raise ArtifactError(
                f"{self.artifact} serves pictures of {served} pixels (width x height), received "
                f"{width}x{height}. Choose one of these, or export it again with another --size."
            )
        return self.interface.at(size)


MANIFESTS = RecordFormat(
    kind=Manifest,
    name="nurie-manifest/3",  # 3 says which sizes a model serves
    key="manifest",
    what="a readable manifest",
    expected="what an export writes beside its model",
    remedy="export it again with --overwrite",
    error=ArtifactError,
)


def manifest_path(artifact: Path) -> Path:
    """Return where the manifest of an artifact stands: beside it, with .json added."""
    return artifact.with_name(f"{artifact.name}.json")


def search_path(artifact: Path) -> Path:
    """Return where the record of the search stands that found an artifact of the recipe auto."""
    return artifact.with_name(f"{artifact.name}.search.json")


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest as JSON to `path`: see `manifest_path`."""
    path.write_text(MANIFESTS.text(manifest), encoding="utf-8")


def read_manifest(artifact: Path) -> Manifest:
    """Read and check the manifest of an artifact, and that it belongs to these bytes.

    Raises ArtifactError if either is missing, or the artifact is not the one described.
    """
    path = manifest_path(artifact)
    if not artifact.exists():
        raise ArtifactError(
            f"{artifact} does not exist. Expected a model exported by Nurie; a checkpoint, as "
            f"`pretrained`, is for training.colorize and the exports.{path_meant(artifact)}"
        )
    if artifact.is_dir() and not path.exists() and (held := _models_in(artifact)):
        raise ArtifactError(f"{artifact} is a folder of models. Expected one: {', '.join(held)}.")
    if not path.exists():
        raise ArtifactError(
            f"{artifact} is no model that Nurie exported: expected its manifest, {path.name}, "
            "beside it. Copy both from where it was made; of anybody's Core ML program "
            "benchmarks.cost counts operations and conversion.from_coreml makes ONNX."
        )
    manifest = MANIFESTS.read(path)
    received = artifact_sha256(artifact)
    if received != manifest.sha256:
        raise ArtifactError(
            f"{artifact} is not the model that {path.name} describes: expected SHA-256 "
            f"{manifest.sha256[:12]}, received {received[:12]}. Export it again with --overwrite."
        )
    return manifest


def _models_in(folder: Path) -> list[str]:
    """Return the models in a folder that have a manifest beside them."""
    return sorted(str(p) for p in folder.iterdir() if manifest_path(p).is_file())


def artifact_sha256(artifact: Path) -> str:
    """Hash a file, or for a folder every file's relative path and hash, in order of the paths."""
    if artifact.is_file():
        return file_sha256(artifact)
    return files_sha256(artifact, _files(artifact))


def artifact_bytes(artifact: Path) -> int:
    """Return the size of a file, or of all files of a folder together."""
    return sum(path.stat().st_size for path in _files(artifact))


def tool_versions(*packages: str) -> dict[str, str]:
    """Return the installed version of each package, by name."""
    return {package: version(package) for package in packages}


def _files(artifact: Path) -> list[Path]:
    if artifact.is_file():
        return [artifact]
    return sorted(path for path in artifact.rglob("*") if path.is_file())
