import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from training.picture.decoding.profiles import to_srgb
from training.picture.reading import read_picture

# What is converted through tables of 8 bits may be off by rounding, twice.
TWO_LEVELS = 2


def fixed(*numbers):
    """s15Fixed16Number, ICC.1:2001-04, 5.3.4."""
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def xyz(*numbers):
    return b"XYZ " + bytes(4) + fixed(*numbers)


def curve(values):
    """A tone curve from 0 to 1, of as many points."""
    points = np.round(np.asarray(values) * 65535).astype(">u2").tobytes()
    return b"curv" + bytes(4) + struct.pack(">I", len(values)) + points


def profile(space, tags, *, kind=b"mntr", connection=b"XYZ "):
    """An ICC profile of version 2 written by hand: a header, a table, the tags."""
    start = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += name + struct.pack(">II", start + len(data), len(tag))
        data += tag + bytes(-len(tag) % 4)
    header = struct.pack(
        ">I4sI4s4s4s", start + len(data), bytes(4), 0x02100000, kind, space, connection
    )
    header += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)  # D50
    return header.ljust(128, b"\0") + table + data


def srgb_curve():
    level = np.linspace(0, 1, 1024)
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


def display_p3():
    """The primaries of DCI-P3 for a white of D65, brought to D50, as Apple's profile has them."""
    primaries = {
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
    }
    curves = {name: curve(srgb_curve()) for name in (b"rTRC", b"gTRC", b"bTRC")}
    return profile(b"RGB ", {b"wtpt": xyz(0.9642, 1.0, 0.8249), **primaries, **curves})


def grey(gamma):
    tone = curve(np.linspace(0, 1, 1024) ** gamma)
    return profile(b"GRAY", {b"wtpt": xyz(0.9642, 1.0, 0.8249), b"kTRC": tone})


def cmyk():
    """A press of inks that are all black: white paper, L* 0 under the whole of any of them."""
    ends = np.indices((2, 2, 2, 2)).reshape(4, -1).T  # the corners of the cube of inks
    lab = [(255 * (1 - ink.max()), 128, 128) for ink in ends]  # L* 0 to 255, a* and b* 0
    ramp = bytes(range(256))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    lut += ramp * 4 + bytes(int(value) for row in lab for value in row) + ramp * 3
    tags = {b"wtpt": xyz(0.9642, 1.0, 0.8249), b"A2B0": lut}
    return profile(b"CMYK", tags, kind=b"prtr", connection=b"Lab ")


def picture(mode, color, embedded, **info):
    image = Image.new(mode, (3, 2), color)
    image.info |= {"icc_profile": embedded, **info}
    return image


@pytest.mark.parametrize(
    ("p3", "srgb"),
    # The primaries of sRGB in Display P3, as every table of conversions has them.
    [((234, 51, 35), (255, 0, 0)), ((117, 251, 76), (0, 255, 0)), ((0, 0, 245), (0, 0, 255))],
)
def test_display_p3_becomes_srgb(p3, srgb):
    converted = np.asarray(to_srgb(picture("RGB", p3, display_p3())))
    np.testing.assert_allclose(converted[0, 0].astype(int), srgb, atol=2 * TWO_LEVELS)


@settings(deadline=None)  # the first call loads LittleCMS
@given(st.integers(0, 255))
def test_grey_is_the_same_in_display_p3(level):
    converted = np.asarray(to_srgb(picture("RGB", (level,) * 3, display_p3())))
    assert np.abs(converted.astype(int) - level).max() <= TWO_LEVELS


def test_paper_stays_white_and_ink_black():
    for embedded, mode, ends in (
        (display_p3(), "RGB", ((255, 255, 255), (0, 0, 0))),
        (grey(1.8), "L", (255, 0)),
        (cmyk(), "CMYK", ((0, 0, 0, 0), (0, 0, 0, 255))),
    ):
        paper, ink = (np.asarray(to_srgb(picture(mode, end, embedded))) for end in ends)
        assert paper.min() >= 255 - 1 and ink.max() <= 1, mode


def test_srgb_by_another_name_keeps_every_bit():
    embedded = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = picture("RGB", (1, 128, 250), embedded)
    assert to_srgb(given) is given


def test_a_picture_without_a_profile_is_left_alone():
    given = Image.new("RGB", (3, 2), (1, 2, 3))
    assert to_srgb(given) is given


def test_transparency_is_kept_as_it_is():
    image = Image.fromarray(np.uint8([[[234, 51, 35, 0], [234, 51, 35, 99], [234, 51, 35, 255]]]))
    image.info["icc_profile"] = display_p3()
    converted = np.asarray(to_srgb(image))
    np.testing.assert_array_equal(converted[0, :, 3], [0, 99, 255])
    np.testing.assert_allclose(converted[0, 2, :3].astype(int), (255, 0, 0), atol=2 * TWO_LEVELS)


def test_a_colour_that_stands_for_nothing_is_found_before_colours_change():
    given = picture("RGB", (234, 51, 35), display_p3(), transparency=(234, 51, 35))
    assert np.asarray(to_srgb(given))[..., 3].max() == 0


def test_a_palette_is_converted():
    given = picture("RGB", (117, 251, 76), display_p3()).quantize(4)
    given.info["icc_profile"] = display_p3()
    converted = np.asarray(to_srgb(given))
    np.testing.assert_allclose(converted[0, 0].astype(int), (0, 255, 0), atol=2 * TWO_LEVELS)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_profile_changes_the_tone(mode):
    given = picture(mode, 128 if mode == "L" else (128, 255), grey(1.0))
    converted = np.asarray(to_srgb(given))
    # Half of the light is 188 in sRGB: 255 (1.055 (1/2)^(1/2.4) - 0.055).
    np.testing.assert_allclose(converted[0, 0, :3].astype(int), 188, atol=TWO_LEVELS)


def test_inks_become_what_their_profile_says():
    given = picture("CMYK", (255, 0, 0, 0), cmyk())
    assert np.asarray(given.convert("RGB"))[0, 0].tolist() == [0, 255, 255]
    assert np.asarray(to_srgb(given))[0, 0].max() <= 1


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_deep_pictures_keep_their_numbers(mode):
    given = picture(mode, 7, grey(1.0))
    assert to_srgb(given) is given


@pytest.mark.parametrize(
    ("mode", "embedded"),
    [("RGB", grey(1.8)), ("L", cmyk()), ("CMYK", display_p3()), ("RGB", cmyk())],
    ids=["grey for RGB", "inks for grey", "RGB for inks", "inks for RGB"],
)
def test_a_profile_of_another_kind_of_picture_is_passed_over(mode, embedded):
    given = picture(mode, 100 if mode == "L" else (100,) * len(mode), embedded)
    assert to_srgb(given) is given


def test_a_damaged_profile_is_passed_over_and_never_crashes():
    whole = display_p3()
    rng = np.random.default_rng(0)
    for damaged in (b"x", b"no profile at all", whole[:100], whole[:200], whole[:-900]):
        given = picture("RGB", (10, 20, 30), damaged)
        assert to_srgb(given).size == given.size
    for _ in range(200):
        data = bytearray(whole)
        for place in rng.integers(0, 300, 3):
            data[place] = rng.integers(0, 256)
        assert to_srgb(picture("RGB", (10, 20, 30), bytes(data))).size == (3, 2)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff", "avif"])
def test_the_profile_of_a_file_is_applied(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (16, 16), (234, 51, 35)).save(path, icc_profile=display_p3())
    # Where a channel is dark, a grey level of loss in the file becomes several.
    np.testing.assert_allclose(read_picture(path)[8, 8].astype(int), (255, 0, 0), atol=25)
