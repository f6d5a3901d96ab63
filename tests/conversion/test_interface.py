import pytest

from conversion.interface import byte_interface


def test_a_tensor_of_all_the_range_takes_the_pixel_itself():
    ports = byte_interface(32, input=(1 / 127.5, 127), output=(1 / 127.5, 128))
    for port in (ports.input, ports.output):
        assert (port.dtype, port.scale, port.bias) == ("uint8", 1.0, 0.0)
    assert ports.input.shape == (1, 32, 32, 1)
    assert ports.output.shape == (1, 32, 32, 3)


def test_a_tensor_of_another_range_says_which_byte_stands_for_a_pixel():
    # unit = (byte - 200) / 100: pixel 255 is 1.0, byte 300; pixel 0 is -1.0, byte 100
    port = byte_interface(32, input=(1 / 127.5, 127), output=(0.01, 200)).output
    assert 255 * port.scale + port.bias == pytest.approx(300)
    assert 0 * port.scale + port.bias == pytest.approx(100)
