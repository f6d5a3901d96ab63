from benchmarks.growth.runs import PARTS, Crowd, prepared, prepared_in_pieces
from training.data.preparing.lists import read_pictures
from training.files.hashes import file_sha256


def test_a_crowd_of_stand_ins_killed_on_the_way_is_the_same_set(tmp_path):
    crowd = Crowd(kind="stand-ins", number=400, size=16, workers=0)
    ours = bytearray(b"1") * 500_000_000  # what this process holds is not the other's
    samples = prepared(crowd, tmp_path / "whole")
    del ours
    assert [sample.pictures for sample in samples] == list(range(0, 400, 400 // PARTS))
    assert all(50 < sample.own_mb < 400 for sample in samples)
    pictures = list(read_pictures(tmp_path / "whole" / "data" / "pictures.csv"))
    assert len({picture.id for picture in pictures}) == 400
    assert prepared_in_pieces(crowd, tmp_path / "killed", kills=1) <= 1
    whole, killed = (
        {path.name: file_sha256(path) for path in (tmp_path / which / "data").iterdir()}
        for which in ("whole", "killed")
    )
    assert whole == killed
