"""Lists of tensors, in programs that coremltools writes."""

import numpy as np
from coremltools.converters.mil.mil import Builder as mb

from conversion.mlprogram.model import load


def test_a_list_grows_when_written_and_gives_back_what_was_written(save_program):
    def lists(x):
        ls = mb.make_list(init_length=1, dtype="fp32", elem_shape=[2, 3], dynamic_length=True)
        ls = mb.list_write(ls=ls, index=0, value=x)
        ls = mb.list_write(ls=ls, index=2, value=mb.mul(x=x, y=3.0))
        more = mb.expand_dims(x=mb.add(x=x, y=1.0), axes=[0])
        ls = mb.list_scatter(ls=ls, indices=[1], value=more)
        return (
            mb.list_length(ls=ls, name="length"),
            mb.list_gather(ls=ls, indices=[2, 0, 1], name="gathered"),
            mb.list_read(ls=ls, index=1, name="read"),
        )

    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    made = load(save_program(lists, {"x": (2, 3)})).predict({"x": x})
    assert made["length"] == 3
    np.testing.assert_array_equal(made["gathered"], [3 * x, x, x + 1])
    np.testing.assert_array_equal(made["read"], x + 1)


def test_a_list_collects_what_a_loop_makes(save_program):
    def squares(n):
        def body(i, ls):
            square = mb.expand_dims(x=mb.cast(x=mb.mul(x=i, y=i), dtype="fp32"), axes=[0])
            return mb.add(x=i, y=1), mb.list_write(ls=ls, index=i, value=square)

        count = mb.squeeze(x=mb.cast(x=n, dtype="int32"), axes=[0])
        ls = mb.make_list(init_length=1, dtype="fp32", elem_shape=[1], dynamic_length=True)
        _, ls = mb.while_loop(
            _cond=lambda i, ls: mb.less(x=i, y=count),
            _body=body,
            loop_vars=(mb.sub(x=count, y=count), ls),
        )
        return mb.list_gather(ls=ls, indices=[0, 1, 2, 3], name="squares")

    model = load(save_program(squares, {"n": (1,)}))
    made = model.predict({"n": np.float32([4])})
    np.testing.assert_array_equal(made["squares"][:, 0], [0, 1, 4, 9])
