import tyro

from benchmarks.large_net import Options, large_steps


def test_it_prepares_and_trains_and_goes_on_where_it_was(tmp_path):
    options = Options(out=tmp_path / "run", data=tmp_path / "data")
    assert [step.name for step in large_steps(options)] == ["training.prepare", "training.train"]
    for name in ("run", "data"):
        (tmp_path / name).mkdir()
    (training,) = large_steps(options)
    assert training.arguments[-1] == "--resume"


def test_it_is_the_net_of_pix2pix_at_256_pixels():
    from training.train import Options as TrainOptions

    *_, training = large_steps(Options())
    config = tyro.cli(
        TrainOptions, args=training.arguments, config=(tyro.conf.CascadeSubcommandArgs,)
    ).config
    assert (config.size, config.generator.width, config.generator.depth) == (256, 64, None)
    assert (config.loss.adversary, config.batch_size, config.epochs) == ("none", 4, 1)
