"""A pytest plugin that lets coremltools' operation tests predict here, and records each test.

Loaded with `-p benchmarks.mil.plugin` by benchmarks/mil/runs.py, which says in environment
variables which tests to run and where to write. The tests themselves are neither edited nor copied:
they are told that they run on a Mac, and coremltools' `predict` is replaced by ours.
"""

import asyncio
import hashlib
import inspect
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.mil.assets import Assets, Became
from benchmarks.mil.runs import COREAI, RECORDS, SAMPLE, SEED, SHARD

# What the tests compare with, so that none of them is skipped for the age of a Mac.
NEWEST_MACOS = (26, 0)
# Operations that every float16 program holds and that no test of another operation is about.
PASSING = frozenset({"const", "cast", "identity"})

_operations: set[str] = set()  # of the programs that the running test predicts with
_became: list[Became] = []  # what came of these programs as Core AI assets
_assets = Assets()


def pytest_configure(config: pytest.Config) -> None:
    """Pretend to be a Mac, before pytest imports the tests."""
    import coremltools.converters.mil.testing_utils as testing_utils
    import coremltools.models.model as coremltools_model
    import coremltools.models.utils as models_utils

    from conversion.enable_predict import enable_predict

    enable_predict()
    testing_utils._IS_MACOS = True
    models_utils._is_macos = lambda: True
    models_utils._macos_version = lambda: NEWEST_MACOS
    predict = coremltools_model.MLModel.predict

    def recording(model: Any, data: Any, state: Any = None) -> Any:
        for function in model.get_spec().mlProgram.functions.values():
            for block in function.block_specializations.values():
                _operations.update(operation.type for operation in _walk(block))
        predicted = predict(model, data, state)
        if os.environ.get(COREAI) == "1" and isinstance(data, dict):
            given = {name: np.asarray(value) for name, value in data.items()}
            _became.append(_assets.of(Path(model.package_path), model.function_name, given))
        return predicted

    coremltools_model.MLModel.predict = recording


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep this shard's part of the sample, without the tests that have been run already."""
    ids = sorted(item.nodeid for item in items)
    if os.environ[SAMPLE]:
        ids = sorted(ids, key=_draw)[: int(os.environ[SAMPLE])]
    part, parts = (int(number) for number in os.environ[SHARD].split("/"))
    # Ordered at random, so that no shard gets all the slow ones.
    chosen = set(sorted(ids, key=_draw)[part::parts]) - set(_started())
    items[:] = [item for item in items if item.nodeid in chosen]


def pytest_unconfigure() -> None:
    """End what was started."""
    _assets.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say which test runs: if the process ends, it is to blame."""
    _operations.clear()
    _became.clear()
    _write({"id": item.nodeid, "outcome": "started"})


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine, which pytest alone does not."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Write down how a test ended, with the operations that it ran."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.when == "call" or report.outcome != "passed" and report.when == "setup":
        error = call.excinfo.exconly() if call.excinfo and report.outcome == "failed" else ""
        about = _operations - PASSING or _operations
        _write(
            {
                "id": item.nodeid,
                "outcome": report.outcome,
                "operations": sorted(about),
                "error": error.strip()[:2000],
                "seconds": round(report.duration, 3),
                "assets": [each.outcome for each in _became],
                "made": [each.made for each in _became],
                "asset_details": [each.detail for each in _became],
                "lowered": {
                    kind: names for each in _became for kind, names in each.lowered.items()
                },
            }
        )


def _draw(test: str) -> str:
    """Return a random order that new tests leave as it is."""
    return hashlib.sha256(f"{os.environ[SEED]}:{test}".encode()).hexdigest()


def _started() -> Iterable[str]:
    path = Path(os.environ[RECORDS])
    if path.exists():
        yield from (json.loads(line)["id"] for line in path.read_text().splitlines())


def _write(record: dict[str, Any]) -> None:
    with Path(os.environ[RECORDS]).open("a") as file:
        file.write(json.dumps(record) + "\n")


def _walk(block: Any) -> Iterator[Any]:
    for operation in block.operations:
        yield operation
        for nested in operation.blocks:
            yield from _walk(nested)
