import pytest

from conversion.errors import first_line, first_sentence

IN_A_LAYER = "Exception encountered when calling Concatenate.call().\n\n"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("\n it failed\nat line 3", "it failed"),
        (
            f"{IN_A_LAYER}\x1b[1mDimension 1 differs.\x1b[0m\n\nArguments received",
            "Dimension 1 differs.",
        ),
        (
            f"{IN_A_LAYER}{{{{function_node __wrapped__ConcatV2 device:CPU}}}} ConcatOp : 16 vs. "
            "15 [Op:ConcatV2] name: concat",
            "ConcatOp : 16 vs. 15",
        ),
        (
            'Could not translate MLIR.<unknown>:0: error: loc(callsite(fused["Conv2D:", "a"])): '
            "'tf.Conv2D' op is no custom op\n<unknown>:0: note: called",
            "Could not translate MLIR. 'tf.Conv2D' op is no custom op",
        ),
        ('<unknown>:0: error: loc("a"): no custom op', "no custom op"),
        (IN_A_LAYER, IN_A_LAYER.strip()),
        ("", "ValueError"),
    ],
)
def test_of_another_librarys_exception_the_reason_is_said(message, said):
    assert first_line(ValueError(message)) == said


def test_a_sentence_ends_with_one_full_stop():
    assert first_sentence(ValueError("no.")) == first_sentence(ValueError("no")) == "no."
