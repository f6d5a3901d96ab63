from benchmarks.hostile.pictures import GOOD, make_folder


def contents(folder):
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.stat().st_size < 1 << 20
    }


def test_the_folder_holds_as_many_as_were_asked_for_and_follows_from_its_seed(tmp_path):
    for name, seed in (("one", 0), ("two", 0), ("other", 1)):
        make_folder(tmp_path / name, hostile=60, good=3, large=False, seed=seed)
    one, two, other = (contents(tmp_path / name) for name in ("one", "two", "other"))
    assert len(list((tmp_path / "one").iterdir())) == 63
    assert sum(name.startswith(GOOD) for name in one) == 3
    assert one == two
    damaged = [name for name in one if name.startswith("damaged")]
    assert len(damaged) > 20
    assert all(one[name] != other[name] for name in damaged if one[name])
