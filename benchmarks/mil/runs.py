"""Run coremltools' operation tests in processes of their own, and read what they recorded.

A test that ends its process counts as failed, and the rest of its shard goes on in a new one.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from conversion.errors import ConversionError

# Of coremltools: those of its operations, and those of its tools that find which one fails.
TESTS = {
    "operations": ("coremltools.converters.mil.mil.ops.tests",),
    "debugging": (
        "coremltools.test.ml_program.experimental.test_debugging_utils",
        "coremltools.test.ml_program.experimental.test_async_wrapper",
    ),
}
# Environment variables that tell benchmarks/mil/plugin.py what to do.
SHARD = "NURIE_MIL_SHARD"  # "0/2": the first of two
SAMPLE = "NURIE_MIL_SAMPLE"  # number of tests, or empty for all
SEED = "NURIE_MIL_SEED"
COREAI = "NURIE_MIL_COREAI"  # "1": make a Core AI asset of every program, too
RECORDS = "NURIE_MIL_RECORDS"  # a file of JSON lines: one when a test starts, one when it ends
# Exit statuses of pytest that are no failure of the run itself: all passed, some failed, none left.
PYTEST_RAN = (0, 1, 5)
# A shard that loses so many processes is broken, not its tests.
MAX_CRASHES = 20


@dataclass(frozen=True, kw_only=True)
class TestRecord:
    """How one of coremltools' tests ended."""

    __test__ = False  # no class of tests, for all its name says to pytest

    id: str
    outcome: str  # passed, failed or skipped
    operations: tuple[str, ...] = ()  # MIL operations that it predicted with; none if it did not
    error: str = ""
    seconds: float = 0.0
    assets: tuple[str, ...] = ()  # what came of each program as a Core AI asset, if asked for
    asset_details: tuple[str, ...] = ()
    lowered: Mapping[str, Sequence[str]] = field(default_factory=dict)  # MIL -> ONNX operations
    made: Sequence[Sequence[str]] = ()  # operations of each asset

    @property
    def executed(self) -> bool:
        """Whether the test ran a program here; the others test coremltools alone."""
        return bool(self.operations) and self.outcome != "skipped"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Executed tests, of one operation or of all."""

    executed: int
    passed: int

    @property
    def failed(self) -> int:
        """Executed tests that did not pass."""
        return self.executed - self.passed

    @property
    def share(self) -> float:
        """Passed share of the executed tests; 0 if there are none."""
        return self.passed / self.executed if self.executed else 0.0


def run_tests(
    *,
    sample: int | None,
    seed: int,
    processes: int,
    precisions: str,
    coreai: bool = False,
    tests: str = "operations",
) -> list[TestRecord]:
    """Run all tests, or a sample that depends on `seed` alone, of the ML Program backends.

    precisions: "fp16", which is what coremltools runs by default, or "both". coreai: make a Core AI
    asset of every program, too, and compare. tests: a key of TESTS.
    Raises ConversionError if pytest itself fails.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(processes) as pool,
    ):
        shards = [
            pool.submit(
                _run_shard,
                TESTS[tests],
                Path(folder) / f"{number}.jsonl",
                {
                    SHARD: f"{number}/{processes}",
                    SAMPLE: "" if sample is None else str(sample),
                    SEED: str(seed),
                    COREAI: str(int(coreai)),
                    "INCLUDE_MIL_FP32_UNIT_TESTS": str(int(precisions == "both")),
                },
            )
            for number in range(processes)
        ]
        return sorted((r for shard in shards for r in shard.result()), key=lambda r: r.id)


def tally(records: Sequence[TestRecord]) -> Tally:
    """Count the executed tests and those that passed."""
    executed = [record for record in records if record.executed]
    return Tally(
        executed=len(executed), passed=sum(record.outcome == "passed" for record in executed)
    )


def tally_by_operation(records: Sequence[TestRecord]) -> dict[str, Tally]:
    """Count for each MIL operation the executed tests whose programs hold it."""
    executed = [record for record in records if record.executed]
    runs = Counter(name for record in executed for name in record.operations)
    passes = Counter(
        name for record in executed if record.outcome == "passed" for name in record.operations
    )
    return {name: Tally(executed=runs[name], passed=passes[name]) for name in sorted(runs)}


def to_json(records: Sequence[TestRecord]) -> str:
    """Return totals, counts by operation and every executed test as JSON."""
    total = tally(records)
    content = {
        "schema": "mil-operations/2",
        "executed": total.executed,
        "passed": total.passed,
        "failed": total.failed,
        "not_executed": len(records) - total.executed,
        "operations": {
            name: {"executed": t.executed, "passed": t.passed, "failed": t.failed}
            for name, t in tally_by_operation(records).items()
        },
        "tests": [asdict(record) for record in records if record.executed],
    }
    return json.dumps(content, indent=1) + "\n"


def read_records(path: Path) -> list[TestRecord]:
    """Read what the plugin wrote; a test that started and never ended has failed."""
    records: dict[str, TestRecord] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        raw = json.loads(line)
        if raw["outcome"] == "started":
            raw |= {"outcome": "failed", "error": "the process ended", "operations": ["unknown"]}
        for name in ("operations", "assets", "asset_details"):
            raw[name] = tuple(raw.get(name, ()))
        records[raw["id"]] = TestRecord(**raw)
    return list(records.values())


def _run_shard(tests: Sequence[str], path: Path, settings: dict[str, str]) -> list[TestRecord]:
    environment = os.environ | settings | {RECORDS: str(path), "PYMIL_TEST_TARGETS": "mlprogram"}
    command = [sys.executable, "-m", "pytest", "-p", "benchmarks.mil.plugin"]
    # From an empty folder: the tests are not to read this repository's settings of pytest.
    command += ["--pyargs", *tests, "-q", "--tb=no", "-p", "no:cacheprovider", "--no-header"]
    # Some files of tests cannot be imported without PyTorch.
    command += ["--continue-on-collection-errors"]
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    for _ in range(MAX_CRASHES):
        done = subprocess.run(
            command, cwd=path.parent, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode in PYTEST_RAN:
            return read_records(path)
        if done.returncode >= 0:  # pytest's own complaint; a crash is negative
            break
    raise ConversionError(
        f"pytest ended with status {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"
    )
