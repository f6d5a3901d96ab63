from training.models.inputs import picture_inputs


def test_without_hints_the_drawing_is_all_there_is():
    inputs, channels = picture_inputs(hints=False)
    assert inputs is channels
    assert channels.shape == (None, None, None, 1)


def test_hints_come_second_and_lie_beside_the_drawing():
    inputs, channels = picture_inputs(hints=True)
    assert [i.name for i in inputs] == ["lineart", "hints"]
    assert channels.shape == (None, None, None, 5)
