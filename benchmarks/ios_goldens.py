"""python -m benchmarks.ios_goldens

Write the golden files that NurieKit's tests read: what Python computes of pixels, metrics,
statistics, manifests, strokes, hints, reports, and of every step from a drawing to its picture, for
Swift to repeat. The same bytes every time.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from training.files.atomic import written_whole
from training.terminal.command import DONE, run_command

FORMAT = "nurie-swift-goldens/1"
COMMAND = "python -m benchmarks.ios_goldens --overwrite"
INDEX = "index.json"
FOLDER = (
    Path(__file__).resolve().parents[1] / "ios_demo_assets" / "Tests" / "NurieKitTests" / "Golden"
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What ios_goldens.py is told on the command line."""

    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])] = FOLDER  # folder to write
    overwrite: bool = False  # replace the golden files there


def write_goldens(output: Path = FOLDER, *, overwrite: bool = False) -> Path:
    """Write all golden files and their index, whole or not at all. Returns the folder.

    Raises OutputExists.
    """
    from benchmarks.ios.goldens import finishing, pictures, records

    cases: dict[str, Callable[[], dict[str, Any]]] = {
        "bundles": records.bundle_cases,
        "cleaning": finishing.cleaning_cases,
        "fitting": finishing.fitting_cases,
        "flats": finishing.flats_cases,
        "hints": pictures.hint_cases,
        "imports": pictures.import_cases,
        "manifests": records.manifest_cases,
        "metrics": pictures.metric_cases,
        "pixels": pictures.pixel_cases,
        "ports": pictures.port_cases,
        "regions": finishing.region_cases,
        "reports": records.report_cases,
        "statistics": records.statistics_cases,
        "strokes": pictures.stroke_cases,
    }
    with written_whole(output, overwrite=overwrite, marker=INDEX) as partial:
        partial.mkdir()
        hashes = {}
        for name, write in cases.items():
            content = _json(write())
            (partial / f"{name}.json").write_bytes(content)
            hashes[f"{name}.json"] = hashlib.sha256(content).hexdigest()
        index = {"goldens": FORMAT, "command": COMMAND, "sha256": hashes}
        (partial / INDEX).write_bytes(_json(index))
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(write_goldens(options.output, overwrite=options.overwrite))
    return DONE


def _json(value: Any) -> bytes:
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


if __name__ == "__main__":
    sys.exit(main())
