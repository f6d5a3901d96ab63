"""Find everything that is wrong with a device report, each fault with its path in the JSON.

A JSON Schema says what each field may be; what it cannot say, that fields agree, is said here.
"""

import functools
import json
import math
import reprlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.devices.histogram import longest_ms, times_ms
from benchmarks.statistics.samples import percentile

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

FORMAT = "device-report/2"  # what is written
VERSIONS = {"device-report/1": 1, FORMAT: 2}  # what is read
SCHEMAS = Path(__file__).resolve().parent / "schemas"
EXAMPLES = SCHEMAS.with_name("examples")  # a report of each version, of numbers made up

# Devices write times with a few decimals: percentiles of the written samples may differ by these.
ROUNDING_MS = 1e-3
ROUNDING_SHARE = 1e-6
ROUNDING_DB = 0.01
MOST_SAMPLES = 10_000_000  # of one run: hours of predictions
LARGEST = 2.0**53  # beyond it float64 skips whole numbers, and no device measures anything


def find_faults(raw: object) -> list[str]:
    """Return every fault of a report as `$.path: sentence`; none if it can be used.

    raw: what json.loads returned. A report of another version is refused by name and not read on.
    """
    found = raw.get("schema") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(found, str) or found not in VERSIONS:
        received = reprlib.repr(found if isinstance(raw, dict) else raw)
        return [
            f"$.schema: expected {FORMAT!r} or an earlier one, received {received}. A report of "
            "another version needs the Nurie that knows it"
        ]
    faults = list(_impossible_numbers(raw))
    schema = _validator(VERSIONS[found])
    faults += [f"{error.json_path}: {_sentence(error)}" for error in schema.iter_errors(raw)]
    # Fields that are not what they should be cannot be held to each other. The schema names a
    # missing field once for each that is missing, our sentence names all of them.
    return list(dict.fromkeys(faults)) or list(_contradictions(raw))


@functools.cache
def _validator(version: int) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    schema = SCHEMAS / f"device-report-{version}.schema.json"
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def _impossible_numbers(report: object) -> Iterator[str]:
    """Find NaN, infinity and numbers beyond all measure: Python reads them, JSON knows them not."""
    # A list of what is left, not recursion: somebody's file may be nested deeper than Python goes.
    left: list[tuple[str, object]] = [("$", report)]
    while left:
        path, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{path}.{name}", item) for name, item in reversed(value.items())]
        elif isinstance(value, list):
            left += [(f"{path}[{n}]", value[n]) for n in reversed(range(len(value)))]
        elif isinstance(value, float | int) and not abs(value) <= LARGEST:  # true for NaN
            yield f"{path}: expected a finite number, received {reprlib.repr(value)}"


def _sentence(error: "ValidationError") -> str:
    """Say in our words what the schema expected and what it received."""
    wanted: Any = error.validator_value
    received = reprlib.repr(error.instance)
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in error.instance]
            return f"expected the fields {missing}, which are missing"
        case "additionalProperties":
            unknown = sorted(set(error.instance) - set(error.schema["properties"]))
            return (
                f"expected no fields but {sorted(error.schema['properties'])}, received {unknown}"
            )
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"expected {' or '.join(kinds)}, received {received}"
        case "enum":
            return f"expected one of {', '.join(wanted)}, received {received}"
        case "minLength":
            return "expected some text, received none"
        case "minItems":
            return f"expected {'one item' if wanted == 1 else wanted} or more, received {received}"
        case "minimum":
            return f"expected {wanted} or more, received {received}"
        case "exclusiveMinimum":
            return f"expected more than {wanted}, received {received}"
        case "maximum":
            return f"expected {wanted} or less, received {received}"
        case "pattern":
            return f"expected {error.schema['description']}, received {received}"
    return error.message


def _contradictions(report: dict[str, Any]) -> Iterator[str]:
    measured = list(dict.fromkeys(run["compute_units"] for run in report["runs"]))
    if "order" in report and report["order"] != measured:
        yield f"$.order: expected {measured}, the order of the runs, received {report['order']}"
    seen: dict[tuple[str, ...], int] = {}
    for number, run in enumerate(report["runs"]):
        path = f"$.runs[{number}]"
        setting = tuple(run[name] for name in ("runtime", "compute_units", "mode"))
        if setting in seen:
            yield f"{path}: {' '.join(setting)} was measured in $.runs[{seen[setting]}] already"
        seen.setdefault(setting, number)
        yield from _statistics_faults(run, path)
        yield from _parity_faults(run["parity"], f"{path}.parity")


def _statistics_faults(run: dict[str, Any], path: str) -> Iterator[str]:
    samples, histogram = run.get("samples_ms"), run.get("histogram")
    if (samples is None) == (histogram is None):
        received = "neither" if samples is None else "both"
        yield f"{path}: expected samples_ms or a histogram, received {received}"
        return
    name, share, times = "samples_ms", ROUNDING_SHARE, samples or []
    if histogram is not None:
        # What a bin is wide, percentiles may differ by.
        name, share = "histogram", histogram["ratio"] - 1
        if (count := sum(pair[1] for s in histogram["seconds"] for pair in s)) > MOST_SAMPLES:
            yield f"{path}.histogram: expected {MOST_SAMPLES} times or fewer, received {count}"
            return
        if count == 0 or longest_ms(histogram) > LARGEST:
            yield f"{path}.histogram: expected one time or more, none beyond all measure"
            return
        times = times_ms(histogram)
    if run["n"] != len(times):
        yield f"{path}.n: expected {len(times)}, the number of {name}, received {run['n']}"
    for q in (50, 90, 95, 99):
        expected, received = percentile(times, q), run[f"p{q}"]
        if not math.isclose(expected, received, rel_tol=share, abs_tol=ROUNDING_MS):
            yield (
                f"{path}.p{q}: expected {expected:.6g}, the {q}th percentile of {name}, "
                f"received {received!r}"
            )


def _parity_faults(parity: list[dict[str, Any]], path: str) -> Iterator[str]:
    names = [row["golden"] for row in parity]
    for number, row in enumerate(parity):
        where, psnr_db, max_abs = f"{path}[{number}]", row.get("psnr_db"), row["max_abs"]
        if names.index(row["golden"]) < number:
            yield f"{where}.golden: {row['golden']!r} stands twice"
        if row["nonfinite"]:
            continue  # whatever else was measured then, it is no parity: the gate fails
        if psnr_db is None:
            if max_abs > 0:
                yield (
                    f"{where}.psnr_db: null stands for identical pictures, but max_abs is "
                    f"{max_abs!r}; expected a number"
                )
        elif max_abs == 0:
            yield f"{where}.psnr_db: expected null, since max_abs is 0, received {psnr_db!r}"
        # The mean of squares is never above the square of the largest.
        elif psnr_db < (least := 20 * math.log10(255 / max_abs)) - ROUNDING_DB:
            yield (
                f"{where}.psnr_db: expected {least:.2f} or more, since no value differs by more "
                f"than {max_abs!r} levels, received {psnr_db!r}"
            )
