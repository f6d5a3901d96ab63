import numpy as np
import pytest

from conversion.compression.layers import Layer


@pytest.mark.parametrize(
    ("kind", "shape", "group"),
    [
        ("conv", (48, 5, 4, 4), 16),
        ("conv", (24, 5, 4, 4), 12),  # 16 does not divide 24
        ("conv_transpose", (5, 24, 4, 4), 12),  # its second axis counts output channels
        ("conv_transpose", (48, 3, 4, 4), 3),
        ("conv", (7, 48, 4, 4), 7),
    ],
)
def test_channels_share_a_palette_in_the_largest_groups_that_divide_them(kind, shape, group):
    assert Layer("layer", kind, np.zeros(shape, np.float16)).group(16) == group
