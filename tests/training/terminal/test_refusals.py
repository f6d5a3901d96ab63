from types import SimpleNamespace

import pytest
from tyro import _errors

from training.terminal.refusals import Refused, refusing

ARGUMENT = SimpleNamespace(lowered=SimpleNamespace(name_or_flags=("-k", "--kind", "--the-kind")))


@pytest.mark.parametrize(
    ("argument", "said"),
    [(ARGUMENT, "--kind: expected b or c, received 'a'."), (SimpleNamespace(), None)],
    ids=["as it is pinned", "of another version"],
)
def test_what_tyro_tells_of_is_a_sentence_or_left_to_tyro(argument, said):
    event = _errors.InvalidChoice(prog="a", argument=argument, value="a", choices=("c", "b"))
    refused = []
    with refusing(commands=list):
        try:
            _errors._fire(event)
        except Refused as refusal:
            refused.append(str(refusal))
    assert refused == ([said] if said else [])
