"""Why some of coremltools' operation tests fail here: one line each, matched by id and error."""

from dataclasses import dataclass

from benchmarks.mil_test_run import TestRecord


@dataclass(frozen=True, kw_only=True)
class KnownFailure:
    """A reason, and the tests that it explains: all of the words stand in their id."""

    words: tuple[str, ...]
    reason: str


KNOWN = (
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
