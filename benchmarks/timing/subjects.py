"""What is timed: a model, the runtime it runs in, and how that runtime is set."""

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.agreement.record import require_made_from
from benchmarks.runtimes.exports import exports_of
from conversion.errors import ArtifactError
from conversion.export.feeds import decode, feeds
from conversion.export.function import tensor_function
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.find import find_origin
from conversion.export.origins.origin import Origin
from conversion.export.origins.reading import kind_of
from conversion.export.plan import SUFFIXES
from conversion.export.size import Size, said
from conversion.interface import Colors, tensor_interface
from conversion.manifest import Manifest, read_manifest
from conversion.runtimes.backends import COREMLTOOLS_UNITS, ComputeUnits, load_backend
from training import pixels
from training.errors import DataError
from training.run.checkpoint import GENERATOR_FILE
from training.terminal.tensorflow_log import import_tensorflow_quietly

# Takes a drawing (H, W) uint8 of the model's size, and hints (H, W, 4) uint8 RGBA or None; returns
# the finished picture (H, W, 3) uint8.
Colorize = Callable[[np.ndarray, np.ndarray | None], np.ndarray]
Runtime = Literal["keras", "tflite", "onnx", "mlprogram", "coreml", "coreai"]

RUNTIME_NAMES: dict[Runtime, str] = {
    "keras": "Keras",
    "tflite": "LiteRT",
    "onnx": "ONNX Runtime",
    "mlprogram": "ML Program runtime",
    "coreml": "Core ML",
    "coreai": "Core AI interpreter",  # Apple's for Linux: no phone runs its models so
}
# What a runtime's first use imports: timed apart from the loading of a model.
RUNTIME_MODULES: dict[Runtime, str] = {
    "keras": "keras",
    "tflite": "ai_edge_litert.interpreter",
    "onnx": "onnxruntime",
    "mlprogram": "conversion.mlprogram.model",
    "coreml": "coremltools",
    "coreai": "coreai.authoring",
}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One model in one setting of its runtime."""

    path: Path  # artifact, or checkpoint folder or file for Keras
    model: Manifest | Origin  # what stands there, read and verified
    runtime: Runtime
    size: Size  # of its drawings
    colors: Colors  # of them
    takes_hints: bool
    threads: int | None = None  # None: what the runtime takes by itself
    compute_units: ComputeUnits | None = None  # of Core ML

    @property
    def setting(self) -> str:
        """The runtime and its setting, in words."""
        name = RUNTIME_NAMES[self.runtime]
        if self.compute_units:
            name += f" {self.compute_units}"
        elif self.threads:
            name += f", {self.threads} thread{'s' if self.threads > 1 else ''}"
        if isinstance(self.model, Manifest) and len(self.model.sizes) > 1:
            name += f", {said(self.size)} px"
        return name


def subjects_of(
    targets: Sequence[Path], own: Asked = NOTHING, *, size: Size | None = None
) -> list[Subject]:
    """Return all that is timed for artifacts, and for checkpoints, runs or the user's generators.

    size: of artifacts that serve several; default: each of them, and with a run the run's.

    A checkpoint stands for Keras itself and for every artifact in RUN/exports. An artifact that is
    named twice is timed once. own, size: what the user says of a generator of their own. Raises
    CheckpointError, ArtifactError, and DataError for no target.
    """
    if not targets:
        raise DataError(
            "expected something to time: exported models, or a run folder for Keras and everything "
            "in its exports; received nothing."
        )
    subjects: dict[tuple[Path, str], Subject] = {}
    for target in targets:
        for subject in _subjects(target, own, size=size):
            subjects.setdefault((subject.path.resolve(), subject.setting), subject)
    return list(subjects.values())


def import_runtime(subject: Subject) -> None:
    """Import what the runtime of a subject needs, so that `load` times the model alone."""
    if subject.runtime == "keras":
        import_tensorflow_quietly()
    importlib.import_module(RUNTIME_MODULES[subject.runtime])


def load(subject: Subject) -> Colorize:
    """Load the model of a subject in its setting. Returns what colours a drawing with it."""
    if isinstance(subject.model, Origin):
        return _keras(subject.model, subject.size)
    return load_backend(
        subject.path,
        subject.model,
        threads=subject.threads,
        compute_units=subject.compute_units,
        apart=False,  # the process that is timed is one of its own
    ).colorize


def usable_cores() -> int:
    """Return how many cores this process may use, which may be fewer than there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _subjects(target: Path, own: Asked, *, size: Size | None) -> list[Subject]:
    if target.suffix in SUFFIXES.values():
        manifest = read_manifest(target)
        sizes = manifest.sizes if size is None else (manifest.interface_at(size).height_width,)
        return [subject for each in sizes for subject in _settings(target, manifest, each)]
    if target.is_file() and target.name != GENERATOR_FILE and kind_of(target) is None:
        raise ArtifactError(
            f"{target}: expected a run folder, a Keras generator (.keras, .h5), or a model whose "
            f"name ends in {', '.join(SUFFIXES.values())}, received another file. What is timed "
            "are models, on drawings that they bring along."
        )
    origin = find_origin(target, own, size=size)
    trained = origin.fitting_size()
    keras = Subject(
        path=origin.location,
        model=origin,
        runtime="keras",
        size=trained,
        colors=origin.ports.taken.colors,
        takes_hints=origin.ports.hints,
    )
    subjects = [keras]
    for artifact in exports_of(origin):
        manifest = require_made_from(origin, artifact)
        if trained in manifest.sizes:
            subjects += _settings(artifact, manifest, trained)
        else:
            print(
                f"not timed with its run: {artifact}, for pictures of "
                f"{', '.join(map(said, manifest.sizes))} pixels. Name it by itself.",
                file=sys.stderr,
            )
    return subjects


def _settings(artifact: Path, manifest: Manifest, size: Size) -> list[Subject]:
    """Return the settings in which an artifact is timed on this machine, at one of its sizes."""

    def subject(
        runtime: Runtime, *, threads: int | None = None, units: ComputeUnits | None = None
    ) -> Subject:
        return Subject(
            path=artifact,
            model=manifest,
            runtime=runtime,
            size=size,
            colors=manifest.interface.inputs[0].colors,
            takes_hints=manifest.interface.takes_hints,
            threads=threads,
            compute_units=units,
        )

    if manifest.format == "coreml" and sys.platform == "darwin":
        return [subject("coreml", units=units) for units in COREMLTOOLS_UNITS]
    if manifest.format == "coreai":
        return [subject("coreai")]
    runtime: Runtime = "mlprogram" if manifest.format == "coreml" else manifest.format
    # One thread can be judged on a busy machine too: see docs/decisions/0010-latency.md.
    return [subject(runtime, threads=n) for n in sorted({1, usable_cores()})]


def _keras(origin: Origin, size: Size) -> Colorize:
    """Return the generator as one compiled TensorFlow function of batch 1.

    Not keras.Model.predict: its loop adds tens of milliseconds, and nobody serves with it.
    """
    generator = origin.load()
    function = tensor_function(generator, origin.ports, size=size)
    interface = tensor_interface(size, origin.ports)

    import_tensorflow_quietly()
    import tensorflow as tf

    def colorize(lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
        assert generator is not None  # the function holds its weights by weak references
        given = [tf.constant(value) for value in feeds(interface, lineart, hints).values()]
        painted = function(*given)[interface.output.name].numpy()
        picture = decode(painted, interface.output)
        return pixels.under_ink(picture, lineart) if interface.under_ink else picture

    return colorize
