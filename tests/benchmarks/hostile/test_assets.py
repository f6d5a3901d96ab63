from collections import Counter
from pathlib import Path

import pytest

from benchmarks.hostile.assets import ENDED, RAN, REFUSED, Opener, damage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What looks like an asset, its hash included."""
    asset = tmp_path / "a.aimodel"
    asset.mkdir()
    for name in ("main.mlirb", "main.hash", "metadata.json"):
        (asset / name).write_bytes(bytes(range(256)) * 4)
    return asset


def contents(asset: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in asset.iterdir()}


def test_every_seed_damages_a_copy_always_in_the_same_way(folder, tmp_path):
    before = contents(folder)
    for seed in range(40):
        copies = [tmp_path / f"{seed}-{number}.aimodel" for number in range(2)]
        for copy in copies:
            damage(folder, copy, seed=seed)
        assert contents(copies[0]) == contents(copies[1]) != before
    assert contents(folder) == before


@pytest.mark.usefixtures("coreai")
def test_a_dozen_damaged_assets_end_in_our_own_words(small_asset, tmp_path):
    assert tried(small_asset, tmp_path, count=12)[REFUSED]


@pytest.mark.slow
@pytest.mark.usefixtures("coreai")
def test_a_hundred_do_and_apples_runtime_is_among_what_refused(small_asset, tmp_path):
    verdicts = tried(small_asset, tmp_path, count=100)
    assert verdicts[REFUSED] and verdicts[ENDED]


def tried(asset: Path, folder: Path, *, count: int) -> Counter[str]:
    verdicts: Counter[str] = Counter()
    opener = Opener()
    for seed in range(count):
        copy = folder / f"{seed}.aimodel"
        damage(asset, copy, seed=seed)
        verdicts[opener.verdict(copy)] += 1
    opener.close()
    assert set(verdicts) <= {RAN, REFUSED, ENDED}
    return verdicts
