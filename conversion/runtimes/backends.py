"""Run an exported model on a drawing, whatever its format: pixels in, a finished picture out.

Every number comes from the manifest: names, shape, layout, scale and bias. A manifest that is
wrong gives wrong pictures here as it would in an app, which is what the parity command looks for.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from conversion.coreai.asset import entry_points
from conversion.coreai.runtime import LoadedAsset
from conversion.errors import ArtifactError, ConversionError
from conversion.export.feeds import decode, feeds
from conversion.interface import Interface
from conversion.manifest import Manifest, read_manifest
from conversion.recipes import Format
from conversion.runtimes.apart import AssetApart
from conversion.runtimes.ports import described, of_session, of_signature, open_axes, require_ports
from training.picture.finishing.net import Net, lines_learned
from training.pixels import under_ink
from training.settings.sizes import Size

# As Core ML's MLComputeUnits spells them -> as coremltools.ComputeUnit does.
ComputeUnits = Literal["all", "cpuAndNeuralEngine", "cpuAndGPU", "cpuOnly"]
COREMLTOOLS_UNITS: dict[ComputeUnits, str] = {
    "all": "ALL",
    "cpuAndNeuralEngine": "CPU_AND_NE",
    "cpuAndGPU": "CPU_AND_GPU",
    "cpuOnly": "CPU_ONLY",
}


class Backend(ABC):
    """An exported model, loaded."""

    manifest: Manifest

    def colorize(self, lineart: np.ndarray, hints: np.ndarray | None = None) -> np.ndarray:
        """Take a drawing (H, W) uint8 of a size of the model; return its colours (H, W, 3) uint8.

        Another net takes its picture (H, W[, C]), and its result may be larger. hints: (H, W, 4)
        uint8 RGBA; None: none are given. A layer is laid under the ink. Raises InvalidInput for
        pictures of another size, and for hints where the model takes none.
        """
        interface = self._interface_for(lineart)
        painted = self.paint(feeds(interface, lineart, hints), interface)
        return under_ink(painted, lineart) if interface.under_ink else painted

    def as_net(self, size: tuple[int, int] | None = None) -> Net:
        """Return the model as what colours drawings of any size.

        size: at which of its own it works; default: the first. Raises ArtifactError for another.
        """
        manifest = self.manifest
        interface = manifest.interface_at(size or manifest.sizes[0])
        return Net(
            paint=lambda lineart, hints: self.paint(feeds(interface, lineart, hints), interface),
            size=interface.height_width,
            learned=lines_learned(manifest.line_width_px, trained_px=manifest.trained_px),
            layer=interface.under_ink,
        )

    def close(self) -> None:  # noqa: B027
        """Give back what lies outside this process; nothing, for most."""

    def _interface_for(self, lineart: np.ndarray) -> Interface:
        """Return the interface at the size of a drawing, or at the first, which refuses it."""
        height_width = (*lineart.shape, 0, 0)[:2]
        known = height_width in self.manifest.sizes
        return self.manifest.interface.at(height_width if known else self.manifest.sizes[0])

    @abstractmethod
    def paint(self, given: dict[str, np.ndarray], interface: Interface) -> np.ndarray:
        """Run the model on what `feeds` made for an interface; return its output (H, W, 3) uint8.

        interface: that of the manifest, at one of its sizes.
        """


def open_backend(artifact: Path, *, apart: bool = True) -> Backend:
    """Load an artifact that has its manifest beside it, to run as its runtime does by itself.

    apart: as `load_backend` takes it. Raises ArtifactError if either is missing or damaged, or they
    contradict each other; InvalidProgram for an .mlpackage that cannot run.
    """
    manifest = read_manifest(artifact)
    return load_backend(artifact, manifest, threads=None, compute_units=None, apart=apart)


def load_backend(
    artifact: Path,
    manifest: Manifest,
    *,
    threads: int | None,
    compute_units: ComputeUnits | None,
    apart: bool = True,
) -> Backend:
    """Load an artifact whose manifest was read and checked, to run as it is told.

    threads: of one prediction; None for what the runtime takes by itself (LiteRT one, ONNX Runtime
    one per core). compute_units: of Core ML, on a Mac; None for its default, all of them. Core ML
    and Core AI take no number of threads, and nothing else takes compute units: those are refused.
    apart: run what may end its process by a signal, Core AI, in one of its own; False in a process
    that may be lost. Raises as `open_backend`.
    """
    _require_possible(artifact, manifest, threads=threads, compute_units=compute_units)
    backend: dict[Format, Callable[[], Backend]] = {
        "tflite": lambda: TfliteBackend(artifact, manifest, threads=threads),
        "onnx": lambda: OnnxBackend(artifact, manifest, threads=threads),
        "coreml": lambda: CoremlBackend(
            artifact, manifest, threads=threads, compute_units=compute_units
        ),
        "coreai": lambda: CoreaiBackend(artifact, manifest, apart=apart),
    }
    try:
        return backend[manifest.format]()
    except ConversionError:
        raise
    except Exception as error:  # the runtimes' errors share no class
        raise ArtifactError(
            f"{artifact} cannot be loaded: {error}. Export it again with --overwrite."
        ) from error


class TfliteBackend(Backend):
    """A TFLite model through LiteRT's interpreter."""

    def __init__(self, artifact: Path, manifest: Manifest, *, threads: int | None) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.manifest = manifest
        # XNNPACK takes every operation that it knows, by default.
        self._interpreter = Interpreter(model_path=str(artifact), num_threads=threads)
        self._run = self._interpreter.get_signature_runner()
        inputs, outputs = self._run.get_input_details(), self._run.get_output_details()
        said = described(manifest.interface, is_open=open_axes(manifest))
        require_ports(artifact, said, of_signature(inputs), of_signature(outputs))

    def paint(self, given: dict[str, np.ndarray], interface: Interface) -> np.ndarray:
        """Run the signature."""
        port = interface.output
        return decode(self._run(**given)[port.name], port)


class OnnxBackend(Backend):
    """An ONNX model through ONNX Runtime, on the CPU."""

    def __init__(self, artifact: Path, manifest: Manifest, *, threads: int | None) -> None:
        import onnxruntime

        self.manifest = manifest
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or 0  # 0: one per core
        self._session = onnxruntime.InferenceSession(
            str(artifact), options, providers=["CPUExecutionProvider"]
        )
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        said = described(manifest.interface, is_open=open_axes(manifest))
        require_ports(artifact, said, of_session(inputs), of_session(outputs))

    def paint(self, given: dict[str, np.ndarray], interface: Interface) -> np.ndarray:
        """Run the session."""
        port = interface.output
        (result,) = self._session.run([port.name], given)
        return decode(result, port)


class CoremlBackend(Backend):
    """An ML Program: through Core ML on a Mac, through our own runtime anywhere else."""

    def __init__(
        self,
        artifact: Path,
        manifest: Manifest,
        *,
        threads: int | None,
        compute_units: ComputeUnits | None,
    ) -> None:
        self.manifest = manifest
        ports = manifest.interface
        for port in (*ports.inputs, ports.output):
            if port.kind == "tensor" and port.colors == "rgba":  # no picture of Core ML's has four
                continue
            if port.kind != "image" or (port.scale, port.bias) != (1.0, 0.0):
                raise ArtifactError(
                    f"{artifact}: expected pictures in and out, with scale 1 and bias 0, received "
                    f"{port}. Export it again with --overwrite."
                )
        self._model = _load_mlprogram(artifact, threads=threads, compute_units=compute_units)

    def paint(self, given: dict[str, np.ndarray], interface: Interface) -> np.ndarray:
        """Predict from pictures."""
        from PIL import Image

        pictures = {
            port.name: Image.fromarray(given[port.name])
            if port.kind == "image"
            else given[port.name]
            for port in self.manifest.interface.inputs
        }
        result = self._model.predict(pictures)
        return np.asarray(result[interface.output.name].convert("RGB"))


class CoreaiBackend(Backend):
    """A Core AI asset through Apple's runtime: on Linux an interpreter."""

    def __init__(self, artifact: Path, manifest: Manifest, *, apart: bool) -> None:
        self.manifest = manifest
        self._artifact, self._apart = artifact, apart
        self._assets: dict[Size, AssetApart | LoadedAsset] = {}
        self._at(manifest.interface)  # what is wrong with the first is said here and now

    def paint(self, given: dict[str, np.ndarray], interface: Interface) -> np.ndarray:
        """Run the entry point of that size, loaded when it is first needed."""
        port = interface.output
        return decode(self._at(interface).predict(given)[port.name], port)

    def close(self) -> None:
        """End the processes that it runs in, and give their memory back."""
        for asset in self._assets.values():
            if isinstance(asset, AssetApart):
                asset.close()

    def _at(self, interface: Interface) -> AssetApart | LoadedAsset:
        size = interface.height_width
        if size not in self._assets:
            points = {at: name for name, at in entry_points(self.manifest.sizes).items()}
            load = AssetApart if self._apart else LoadedAsset
            asset = load(self._artifact, entry_point=points[size])
            self._assets[size] = asset
            require_ports(self._artifact, described(interface), asset.inputs, asset.outputs)
        return self._assets[size]


def _require_possible(
    artifact: Path,
    manifest: Manifest,
    *,
    threads: int | None,
    compute_units: ComputeUnits | None,
) -> None:
    through_core_ml = manifest.format == "coreml" and sys.platform == "darwin"
    if compute_units is not None and not through_core_ml:
        raise ArtifactError(
            f"{artifact}: compute units {compute_units!r} exist in Core ML alone: expected an "
            f".mlpackage on a Mac, received {manifest.format} on {sys.platform}. Leave them out."
        )
    alone = through_core_ml or manifest.format == "coreai"
    if threads is not None and (alone or threads < 1):
        raise ArtifactError(
            f"{artifact}: expected a number of threads from 1, and none for Core ML and Core AI, "
            f"which choose them by themselves; received {threads}."
        )


def _load_mlprogram(
    artifact: Path, *, threads: int | None, compute_units: ComputeUnits | None
) -> Any:
    if sys.platform == "darwin":
        import coremltools as ct

        units = ct.ComputeUnit[COREMLTOOLS_UNITS[compute_units or "all"]]
        return ct.models.MLModel(str(artifact), compute_units=units)
    from conversion.mlprogram.model import load

    return load(artifact, threads=threads)
