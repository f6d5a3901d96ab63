"""A Core AI asset in a process of its own: nothing that is wrong with it ends this one."""

import hashlib
import multiprocessing
import shutil
from pathlib import Path

import numpy as np
import pytest

from conversion.errors import ArtifactError, InvalidInput
from conversion.runtimes.apart import AssetApart

pytestmark = pytest.mark.usefixtures("coreai")


@pytest.fixture
def copy(small_asset: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_asset, tmp_path / small_asset.name))


def mended(copy: Path) -> Path:
    """Make the hash that the format itself holds fit again."""
    digest = hashlib.sha256((copy / "main.mlirb").read_bytes()).digest()
    (copy / "main.hash").write_bytes(digest)
    return copy


def test_it_runs_refuses_what_it_does_not_take_and_gives_its_memory_back(small_asset):
    apart = AssetApart(small_asset)
    assert (apart.inputs, apart.outputs) == ({"x": ((3, 2), "float32")}, {"y": ((3, 2), "float32")})
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    for wrong in ({"z": x}, {"x": x.T}, {"x": x.astype(np.float64)}, {}):
        with pytest.raises(InvalidInput, match=r"expected \{'x': \(\(3, 2\), 'float32'\)\}"):
            apart.predict(wrong)
    np.testing.assert_array_equal(apart.predict({"x": x})["y"], 2 * x)
    apart.close()
    assert not multiprocessing.active_children()


def test_a_path_that_is_missing_or_no_asset_is_said_before_a_process_starts(tmp_path):
    with pytest.raises(ArtifactError, match="is no Core AI asset: expected a folder that holds"):
        AssetApart(tmp_path / "none.aimodel")


@pytest.mark.parametrize("damage", [b"", b"MLIR", None])
def test_bytes_that_are_not_what_the_hash_says_are_refused(copy, damage):
    program = copy / "main.mlirb"
    whole = program.read_bytes()
    changed = bytes([whole[0], whole[1] ^ 1, *whole[2:]])
    program.write_bytes(changed if damage is None else damage)
    with pytest.raises(ArtifactError, match="main.mlirb is not what main.hash says"):
        AssetApart(copy)


def test_what_ends_apples_runtime_is_a_sentence_here(copy):
    program = copy / "main.mlirb"
    program.write_bytes(program.read_bytes()[:200])
    with pytest.raises(ArtifactError, match=r"twice\.aimodel.*(ended with|cannot be loaded)"):
        AssetApart(mended(copy))
    assert not multiprocessing.active_children()


def test_an_entry_point_that_is_not_there_is_said_with_those_that_are(small_asset):
    with pytest.raises(ArtifactError, match=r"expected an entry point 'side', received \['main'\]"):
        AssetApart(small_asset, entry_point="side")
