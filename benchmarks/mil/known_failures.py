"""Why some of coremltools' operation tests fail here: one line each, matched by id and error."""

from dataclasses import dataclass

from benchmarks.mil.runs import TestRecord


@dataclass(frozen=True, kw_only=True)
class KnownFailure:
    """A reason, and the tests that it explains: all of the words stand in their id."""

    words: tuple[str, ...]
    reason: str


KNOWN = (
    KnownFailure(
        words=("TestTopK", "sort=False"),
        reason="Expects the unsorted values in Core ML's own order, which MIL leaves open.",
    ),
    KnownFailure(
        words=("TestResize::test_resize_nearest_neighbor",),
        reason="Expects another of two equally near pixels, for a ratio that is not whole: "
        "docs/decisions/0003-ml-program-runtime.md.",
    ),
    KnownFailure(
        words=("TestScatter::test_builder_to_backend_programmatic", "precision='fp16'"),
        reason="Multiplies random numbers beyond 65504, where a result declared float16 is "
        "infinite; the test expects more than float16 holds.",
    ),
    KnownFailure(
        words=("mixed_precision", "numpy.int32"),
        reason="Multiplies floats by int32 and declares the result int32: how Core ML rounds it is "
        "not documented, so it is refused.",
    ),
    KnownFailure(
        words=("test_real_div_int_builder_to_backend",),
        reason="real_div of int32: what becomes of the remainder is not documented, so it is "
        "refused by name.",
    ),
    KnownFailure(
        words=("TestEinsum", "broadcast=True"),
        reason="Sizes of 1 against larger ones, which ONNX's Einsum does not spread; refused.",
    ),
    KnownFailure(
        words=("test_ios17_invalid_indices", "dynamic=True"),
        reason="Expects Core ML's words, or numbers that differ from the defined ones, for places "
        "outside the data; here a place beyond is InvalidProgram, a negative one counts from the "
        "end.",
    ),
    KnownFailure(
        words=("precision='fp32'", "TestCropResize::test_builder_to_backend_ios16"),
        reason="Expects 7.899 within 2e-4, where the exact number is 7.9. Not run by default.",
    ),
    KnownFailure(
        words=("precision='fp32'", "TestUpsampleBilinear"),
        reason="Single elements near 0 differ by 2e-4 from PyTorch's, under a tolerance of 1e-4. "
        "Not run by default.",
    ),
    KnownFailure(
        words=("precision='fp32'", "numpy.float16"),
        reason="Float16 results under a tolerance of 1e-4 and 1e-5 of the value, which is finer "
        "than float16 above 0.25. Not run by default.",
    ),
    KnownFailure(
        words=("precision='fp32'", "dtype=fp16"),
        reason="As above, for float16 constants.",
    ),
)
UNEXPLAINED = "unexplained: a bug of ours until shown otherwise"


def explain(record: TestRecord) -> str:
    """Return why a failed test fails, or that nobody knows, with the end of its error."""
    for known in KNOWN:
        if all(word in record.id for word in known.words):
            return known.reason
    last = " ".join(record.error.split())[:200]
    return f"{UNEXPLAINED}: {last}"
