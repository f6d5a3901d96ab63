import dataclasses

import pytest

from conversion.errors import ArtifactError
from conversion.interface import End, Ports, byte_interface, image_interface, tensor_interface

HINTED = Ports(hints=True, layer=True)


def test_where_bytes_go_in_and_out_a_byte_is_a_pixel():
    ports = byte_interface((32, 32))
    (lineart,) = ports.inputs
    for port in (lineart, ports.output):
        assert (port.dtype, port.scale, port.bias) == ("uint8", 1.0, 0.0)
    assert lineart.shape == (1, 32, 32, 1)
    assert ports.output.shape == (1, 32, 32, 3)


@pytest.mark.parametrize("interface", [byte_interface, image_interface, tensor_interface])
def test_a_net_without_hints_takes_line_art_and_returns_a_picture(interface):
    ports = interface((32, 64))
    assert [port.name for port in ports.inputs] == ["lineart"]
    assert (ports.output.name, ports.under_ink, ports.takes_hints) == ("color", False, False)
    assert ports.height_width == (32, 64)


def test_hints_are_two_pictures_or_one_tensor_and_a_layer_belongs_under_the_ink():
    pictures = image_interface((32, 64), HINTED)
    assert [(p.name, p.shape) for p in pictures.inputs] == [
        ("lineart", (1, 1, 32, 64)),
        ("hint_color", (1, 3, 32, 64)),
        ("hint_mask", (1, 1, 32, 64)),
    ]
    for interface, colors in ((tensor_interface, "rgb_mask"), (byte_interface, "rgba")):
        _, hints = interface((32, 64), HINTED).inputs
        assert (hints.name, hints.shape, hints.colors) == ("hints", (1, 32, 64, 4), colors)
    assert (pictures.output.name, pictures.under_ink, pictures.takes_hints) == ("layer", True, True)


def test_ports_that_no_model_of_ours_has_are_refused():
    ports = tensor_interface((32, 64), HINTED)
    lineart, hints = ports.inputs
    sketch = dataclasses.replace(lineart, name="sketch")
    small = dataclasses.replace(hints, shape=(1, 32, 32, 4))
    for changes, said in (
        ({"inputs": (sketch, hints)}, r"expected lineart or .*received \('sketch', 'hints'\)"),
        ({"inputs": (hints, lineart)}, "expected lineart or "),
        (
            {"under_ink": False},
            "expected 'color' where under_ink is False and .*, received 'layer'",
        ),
        ({"inputs": (lineart, small)}, "ports of one size"),
    ):
        with pytest.raises(ArtifactError, match=said):
            dataclasses.replace(ports, **changes)


@pytest.mark.parametrize("interface", [byte_interface, image_interface, tensor_interface])
def test_at_another_size_every_port_has_it_and_nothing_else_changes(interface):
    assert interface((32, 64), HINTED).at((96, 48)) == interface((96, 48), HINTED)


@pytest.mark.parametrize("interface", [byte_interface, image_interface, tensor_interface])
def test_a_result_stays_as_many_times_larger_at_every_size(interface):
    taken = End(name="image", colors="gray", low=0.0)
    ports = Ports(taken=taken, painted=End(name="result", colors="rgb"), enlarged=3)
    at_first = interface((32, 64), ports)
    assert (at_first.height_width, at_first.enlarged) == ((32, 64), 3)
    other = at_first.at((16, 8))
    assert (other.height_width, other.output.height_width) == ((16, 8), (48, 24))
    assert other == interface((16, 8), ports)
