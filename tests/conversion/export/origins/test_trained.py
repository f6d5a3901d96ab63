from conversion.export.origins.find import find_origin
from training.picture.ports import paints_layer, takes_hints


def test_the_ports_of_a_config_are_those_of_its_net(tiny_run, hinted_runs):
    for run in (tiny_run, *hinted_runs.values()):
        origin = find_origin(run)
        generator = origin.load()
        assert origin.ports.hints == takes_hints(generator)
        assert origin.ports.layer == paints_layer(generator)
