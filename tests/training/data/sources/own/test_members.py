import io
import tarfile

import numpy as np
import pytest
from PIL import Image

from training.data.sources.candidate import Rejection
from training.data.sources.own.members import MAX_HEADER_BYTES, TarMember, list_members
from training.errors import DataError, PictureError
from training.picture.reading import read_picture

COLORS = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)


def encoded(format):
    buffer = io.BytesIO()
    Image.fromarray(COLORS).save(buffer, format)
    return buffer.getvalue()


def add(tar, name, data=b"", **header):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in header.items():
        setattr(info, field, value)
    tar.addfile(info, io.BytesIO(data))


def written(path, **files):
    with tarfile.open(path, "w") as tar:
        for name, data in files.items():
            add(tar, name.replace("__", "."), data)
    return path


@pytest.mark.parametrize("format", ["PNG", "TIFF", "BMP", "WEBP"])
def test_a_member_is_read_like_a_file(tmp_path, format):
    data = encoded(format)
    archive = written(tmp_path / "a.tar", first=b"x" * 700, picture=data, last=b"y" * 9)
    first, picture, _ = list_members(archive)
    assert first.open().read() == b"x" * 700
    with picture.open() as stream:
        assert stream.read(4) == data[:4]
        assert stream.seek(-3, io.SEEK_END) == len(data) - 3
        assert stream.read() == data[-3:], "and not what follows in the tar"
    (tmp_path / "alone").write_bytes(data)
    np.testing.assert_array_equal(read_picture(picture), read_picture(tmp_path / "alone"))


def test_an_error_names_the_tar_and_the_member(tmp_path):
    (member,) = list_members(written(tmp_path / "a.tar", x__png=encoded("PNG")[:90]))
    with pytest.raises(PictureError, match=rf"^{tmp_path}/a.tar/x.png: "):
        read_picture(member)


def test_what_leads_out_of_the_tar_or_is_no_file_is_refused_by_name(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "../up.png", b"x")
        add(tar, "/etc/root.png", b"x")
        add(tar, "link.png", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add(tar, "hard.png", type=tarfile.LNKTYPE, linkname="good.png")
        add(tar, "device.png", type=tarfile.CHRTYPE)
        add(tar, "._good.png", b"a Mac's own")
        add(tar, "folder", type=tarfile.DIRTYPE)
        add(tar, "good.png", b"x")
    listed = list(list_members(tmp_path / "a.tar"))
    assert [m.name for m in listed if isinstance(m, TarMember)] == ["good.png"]
    reasons = {r.file: r.reason for r in listed if isinstance(r, Rejection)}
    assert len(reasons) == 5
    assert all("leads out of it" in reasons[f"{tmp_path}/a.tar/{n}"] for n in ("../up.png",))
    assert sum("leads out of it" in reason for reason in reasons.values()) == 2
    assert sum("a link, device or pipe" in reason for reason in reasons.values()) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar"]


def test_a_member_that_claims_more_than_there_is_costs_itself_alone(tmp_path):
    path = written(tmp_path / "a.tar", good=b"x" * 10)
    info = tarfile.TarInfo("huge.png")
    info.size = 10**12
    whole = path.read_bytes()[:1024]  # a header and a block of data
    path.write_bytes(whole + info.tobuf() + b"\0" * 1024)
    good, *rest = list_members(path)
    assert good.name == "good"
    assert any("its header says: the tar ends before" in r.reason for r in rest)


def test_a_header_of_gigabytes_is_not_read(tmp_path):
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, MAX_HEADER_BYTES * 4096
    path = written(tmp_path / "a.tar", good=b"x" * 10)
    path.write_bytes(path.read_bytes()[:1024] + info.tobuf() + b"\0" * 1024)
    good, damage = list_members(path)
    assert good.name == "good"
    assert "damaged or truncated after byte 0: a header of" in damage.reason


def test_what_is_no_tar_and_a_compressed_one_are_refused(tmp_path):
    (tmp_path / "text.tar").write_text("no tar, and long enough for a header" * 40)
    with pytest.raises(DataError, match="expected a tar, received something else"):
        list(list_members(tmp_path / "text.tar"))
    with tarfile.open(tmp_path / "a.tar", "w:gz") as tar:
        add(tar, "x.png", b"x")
    with pytest.raises(DataError, match="compressed by gzip. Decompress it first"):
        list(list_members(tmp_path / "a.tar"))
