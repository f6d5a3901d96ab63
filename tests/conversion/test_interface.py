from conversion.interface import byte_interface


def test_where_bytes_go_in_and_out_a_byte_is_a_pixel():
    ports = byte_interface((32, 32))
    for port in (ports.input, ports.output):
        assert (port.dtype, port.scale, port.bias) == ("uint8", 1.0, 0.0)
    assert ports.input.shape == (1, 32, 32, 1)
    assert ports.output.shape == (1, 32, 32, 3)
