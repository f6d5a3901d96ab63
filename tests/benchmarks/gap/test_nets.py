from benchmarks.gap.nets import NETS, training_step
from benchmarks.gap.ways import TRAINED


def test_nets_are_trained_on_each_extractor_the_mix_and_drawn_lines_with_and_without_other_pens():
    trained = {(net.way, net.pens) for net in NETS}
    assert {way for way, _ in trained} == set(TRAINED)
    for way in ("mix", "drawn"):
        assert {(way, True), (way, False)} <= trained
    assert len({net.folder for net in NETS}) == len(NETS)


def test_a_run_that_stands_is_resumed_and_only_nets_without_pens_turn_them_off(tmp_path):
    for net in NETS:
        run = tmp_path / net.folder
        words = training_step(net, data=tmp_path / net.way, run=run, epochs=3).arguments
        assert "--resume" not in words
        assert ("--augment.redrawn" in words) == (not net.pens)
        run.mkdir()
        again = training_step(net, data=tmp_path / net.way, run=run, epochs=3).arguments
        assert again == (*words, "--resume")
