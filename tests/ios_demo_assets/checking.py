"""Which modules there are, and where the check against the stubs keeps and finds them."""

from pathlib import Path

BUILT = Path(__file__).parents[2] / "ios_demo_assets" / ".build" / "debug" / "Modules"
# What Linux builds, and what only the stubs let it check.
MODULES = ("NurieKit", "NurieReport", "NurieStudio", "NurieCoreML", "NurieCoreAI", "NurieBenchmark")


def where(folder: Path) -> dict[str, str]:
    """Where checked modules are kept, and where those are that `built` has checked."""
    return {"NURIE_TYPECHECK": str(folder), "NURIE_KIT": str(BUILT)}
