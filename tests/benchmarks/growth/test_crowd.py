from benchmarks.growth import crowd as crowds
from training.data.sources.candidate import DrawOptions


def test_a_crowd_is_of_many_names_and_repeats_what_it_is_put_together_from(monkeypatch):
    monkeypatch.setattr(crowds, "DIFFERENT", 30)
    found = list(crowds.crowd(70, validation_share=0.1))
    assert len({portrait.id for portrait in found}) == 70
    assert found[35].cast.variants == found[5].cast.variants
    few = DrawOptions(size=(32, 32), variants=1, seed=0)
    one, other = (found[number].draw(few) for number in (5, 35))
    assert (one.lineart[0] == other.lineart[0]).mean() > 0.9  # inks may be coloured otherwise
    assert (one.color != other.color).any()
