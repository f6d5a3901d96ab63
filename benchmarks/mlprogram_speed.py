"""python -m benchmarks.mlprogram_speed [--rounds 15]

Time the ML Program runtime in its `float32` mode beside ONNX Runtime on tf2onnx's export of the
same net, by turns in one run, and the loading of a package of 54 M parameters. Ends with status 1
if a net takes more than 1.1 times as long as in ONNX Runtime, or loading more than 3 s.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.terminal.command import DONE, FAILED, run_command

MOST_TIME = 1.1  # of the time of ONNX Runtime on tf2onnx's export
MOST_LOADING_S = 3.0
LOADS = 3
WARM_UP = 3
# Calls of one runtime in a row in a round, and of these the first is not timed: the idle threads
# of the runtime before keep spinning for a moment and would halve the speed of the next.
BLOCK = 6


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of the command."""

    rounds: int = 15  # in each, both runtimes predict five times; they begin by turns


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Medians over rounds, in milliseconds, and the median ratio of paired rounds."""

    net: str
    parameters: int
    ours_ms: float
    onnx_ms: float
    ratio: float
    loading_s: float
    difference: float  # the largest, relative to the largest value


def measure(name: str, net: Any, *, shape: tuple[int, ...], rounds: int) -> Speed:
    """Export a Keras net both ways and time both, on noise.

    shape: of its one input. Its weights are moved away from their start: fresh offsets are all
    zero, which converters fold away, and no trained network has that.
    """
    import onnxruntime
    import tensorflow as tf

    from conversion.mlprogram.model import load

    rng = np.random.default_rng(0)
    for weight in net.weights:
        weight.assign(weight.numpy() + rng.normal(0, 0.02, weight.shape))
    x = rng.uniform(-1, 1, shape).astype(np.float32)
    signature = [tf.TensorSpec(shape, tf.float32, name="x")]
    function = tf.function(lambda x: net(x, training=False), input_signature=signature)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.mlpackage"
        _to_coreml(function, shape).save(str(path))
        loading = []
        for _ in range(LOADS):
            began = time.perf_counter()
            model = load(path, "float32")
            loading.append(time.perf_counter() - began)
    session = onnxruntime.InferenceSession(_to_onnx(function, signature))
    (output,) = model.outputs

    def ours() -> np.ndarray:
        return np.asarray(model.predict({"x": x})[output])

    def theirs() -> np.ndarray:
        return np.asarray(session.run(None, {"x": x})[0])

    ours_ms, onnx_ms = time_in_turn(ours, theirs, rounds=rounds)
    expected = theirs()
    return Speed(
        net=name,
        parameters=net.count_params(),
        ours_ms=statistics.median(ours_ms),
        onnx_ms=statistics.median(onnx_ms),
        ratio=statistics.median(a / b for a, b in zip(ours_ms, onnx_ms, strict=True)),
        loading_s=min(loading),
        difference=float(np.abs(ours() - expected).max() / np.abs(expected).max()),
    )


def time_in_turn(
    first: Callable[[], Any], second: Callable[[], Any], *, rounds: int
) -> tuple[list[float], list[float]]:
    """Return the least milliseconds of each block; who begins changes from round to round."""
    times: tuple[list[float], list[float]] = ([], [])
    calls = ((first, times[0]), (second, times[1]))
    for number in range(WARM_UP + rounds):
        for call, kept in calls if number % 2 else reversed(calls):
            kept.append(min([_milliseconds(call) for _ in range(BLOCK)][1:]))
    return times[0][WARM_UP:], times[1][WARM_UP:]


def _milliseconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def _to_coreml(function: Any, shape: tuple[int, ...]) -> Any:
    os.environ.setdefault("TQDM_DISABLE", "1")
    logging.getLogger("coremltools").setLevel(logging.ERROR)
    import coremltools as ct

    return ct.convert(
        [function.get_concrete_function()],
        source="tensorflow",
        convert_to="mlprogram",
        # float32 outside, as the ONNX model: the compute precision stays fp16.
        inputs=[ct.TensorType(name="x", shape=shape, dtype=np.float32)],
        outputs=[ct.TensorType(dtype=np.float32)],
        minimum_deployment_target=ct.target.iOS16,
        skip_model_load=True,
    )


def _to_onnx(function: Any, signature: Any) -> bytes:
    os.environ["TF2ONNX_CATCH_ERRORS"] = "FALSE"  # as conversion.to_onnx does: 14 GB, not 21
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=18)
    return bytes(model.SerializeToString())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    import_tensorflow_quietly()
    import keras

    from training.models.unet import unet

    keras.utils.set_random_seed(0)
    # Without weights: the time does not depend on them, and nothing is downloaded.
    nets = {
        "U-Net 256x256, width 64": (
            lambda: unet(width=64, depth=8, dropout=0.5, seed=0),
            (1, 256, 256, 1),
        ),
        "MobileNetV2 224x224": (
            lambda: keras.applications.MobileNetV2(weights=None, classifier_activation=None),
            (1, 224, 224, 3),
        ),
    }
    heads = ("parameters", "ours ms", "onnx ms", "ratio", "load s", "difference")
    widths = (11, 9, 9, 7, 8, 11)
    print(
        f"{'net':<24}"
        + "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    )
    passed = True
    for name, (build, shape) in nets.items():
        speed = measure(name, build(), shape=shape, rounds=options.rounds)
        passed &= speed.ratio <= MOST_TIME and speed.loading_s <= MOST_LOADING_S
        print(
            f"{speed.net:<24}{speed.parameters:>11,}{speed.ours_ms:>9.1f}{speed.onnx_ms:>9.1f}"
            f"{speed.ratio:>7.2f}{speed.loading_s:>8.2f}{speed.difference:>11.1e}",
            flush=True,
        )
    verdict = "within" if passed else "beyond"
    print(f"{verdict} {MOST_TIME}x of ONNX Runtime's time and {MOST_LOADING_S:.0f} s of loading")
    return DONE if passed else FAILED


if __name__ == "__main__":
    sys.exit(main())
