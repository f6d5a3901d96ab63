"""What the Swift package offers to others: written down, so that no change of it goes unseen."""

import json
import re
from pathlib import Path

import pytest

from tests.ios_demo_assets.checking import MODULES


def surface(graph: Path) -> str:
    """Say every public symbol in a line, its path and declaration; and what conforms to what."""
    raw = json.loads(graph.read_text(encoding="utf-8"))
    paths = {
        symbol["identifier"]["precise"]: ".".join(symbol["pathComponents"])
        for symbol in raw["symbols"]
    }
    lines = {
        f"{'.'.join(symbol['pathComponents'])}: "
        + " ".join("".join(part["spelling"] for part in symbol["declarationFragments"]).split())
        for symbol in raw["symbols"]
    }
    lines |= {
        f"{paths[fact['source']]} conforms to {fact.get('targetFallback') or paths[fact['target']]}"
        for fact in raw["relationships"]
        if fact["kind"] == "conformsTo" and fact["source"] in paths
        # What the compiler adds to all that is sendable.
        if fact.get("targetFallback") != "Swift.SendableMetatype"
    }
    return "".join(f"{line}\n" for line in sorted(lines))


@pytest.mark.parametrize("module", MODULES)
def test_the_public_surface_is_the_one_that_is_written_down(
    graphs: Path, package: Path, tmp_path: Path, module: str
):
    found = tmp_path / f"{module}.txt"
    found.write_text(surface(graphs / f"{module}.symbols.json"), encoding="utf-8")
    written = package / "Tests" / "Surface" / f"{module}.txt"
    assert found.read_text(encoding="utf-8") == written.read_text(encoding="utf-8"), (
        f"the public surface of {module} changed. If that is meant: cp {found} {written}"
    )


def test_whoever_only_colours_is_offered_what_fits_a_glance(package: Path):
    kit, core_ml = (
        (package / "Tests" / "Surface" / f"{module}.txt").read_text(encoding="utf-8")
        for module in ("NurieKit", "NurieCoreML")
    )
    types = re.findall(r"^(\w+): (?:struct|class|enum|actor|protocol) ", core_ml, re.MULTILINE)
    assert types == ["ColoringModel", "CompiledModelCache", "ComputeUnits", "PictureCoding"]
    assert not re.findall(r"^.*(?:Report|Benchmark|Parity).*$", kit + core_ml, re.MULTILINE)
