import numpy as np

from benchmarks.lent_gpu import program
from benchmarks.lent_gpu.program import read_state, write_state


def test_a_state_comes_back_in_parts_and_without_what_is_equal(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "PART_BYTES", 10_000)
    rng = np.random.default_rng(0)
    variables = {f"generator/{n}": rng.normal(size=(n + 1, 300)) for n in range(4)}
    variables |= {"average/0": variables["generator/0"].copy(), "means/l1/0": np.float32(2)}
    epochs = ({"epoch": 1, "l1": 0.5},)
    write_state(tmp_path / "state", variables, step=7, epochs=epochs)
    assert len(list((tmp_path / "state").glob("part-*.npz"))) == 3
    state, read = read_state(tmp_path / "state")
    assert (state.step, state.epochs) == (7, epochs)
    assert state.equal == {"average/0": "generator/0"}
    assert read.keys() == variables.keys()
    for name, array in variables.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype


def test_a_later_state_takes_the_place_of_an_earlier_one(tmp_path):
    for step in (1, 2):
        write_state(tmp_path / "state", {"a": np.full(3, step)}, step=step)
    state, read = read_state(tmp_path / "state")
    assert state.step == 2
    assert read["a"][0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
