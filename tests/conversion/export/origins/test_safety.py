import pytest

from conversion.export.origins.safety import require_harmless_graph, require_loadable
from training.errors import CheckpointError


def layer(class_name, module="keras.layers", registered=None, **config):
    return {
        "class_name": class_name,
        "module": module,
        "registered_name": registered,
        "config": config,
    }


def model(*layers):
    return layer("Functional", module="keras", layers=list(layers))


def require(config, *, known=(), trust=False):
    require_loadable("gen.keras", config, known=dict.fromkeys(known), trust=trust)


def test_layers_of_keras_are_known():
    require(model(layer("Conv2D", kernel_initializer=layer("GlorotUniform", "keras.initializers"))))


def test_every_missing_class_is_named_with_how_often_it_is_needed():
    mine = [layer("Norm", "my_layers", "Norm")] * 2 + [layer("Pad", None, "mine>Pad")]
    with pytest.raises(CheckpointError, match=r"Norm \(x2\), Pad \(x1\).*--custom-objects"):
        require(model(*mine))
    require(model(*mine), known=("Norm", "mine>Pad"))


@pytest.mark.parametrize("module", ["os", "builtins", "subprocess"])
def test_a_class_of_any_other_module_is_never_imported(module):
    with pytest.raises(CheckpointError, match="system"):
        require(model(layer("system", module)))


def test_a_function_of_ones_own_is_needed_by_its_name():
    swish = {"class_name": "function", "config": "my_swish", "module": "builtins"}
    with pytest.raises(CheckpointError, match=r"my_swish \(x1\)"):
        require(model(layer("Conv2D", activation=swish)))
    require(model(layer("Conv2D", activation=swish)), known=("my_swish",))


def test_lambda_layers_are_refused_by_name_unless_trusted():
    inner = {"class_name": "__lambda__", "config": {"value": "4wAA"}}
    config = model(layer("Lambda", name="double", function=inner))
    with pytest.raises(CheckpointError, match="Lambda layers 'double'. Replace them.*--trust"):
        require(config)
    require(config, trust=True)


def test_a_graph_that_calls_python_is_refused_unless_trusted(tmp_path):
    from tensorflow.core.protobuf import saved_model_pb2

    saved = saved_model_pb2.SavedModel()
    function = saved.meta_graphs.add().graph_def.library.function.add()
    function.node_def.add(op="AddV2")
    (tmp_path / "saved_model.pb").write_bytes(saved.SerializeToString())
    require_harmless_graph(tmp_path, trust=False)
    function.node_def.add(op="EagerPyFunc")
    (tmp_path / "saved_model.pb").write_bytes(saved.SerializeToString())
    with pytest.raises(CheckpointError, match="more than compute: EagerPyFunc"):
        require_harmless_graph(tmp_path, trust=False)
    require_harmless_graph(tmp_path, trust=True)
