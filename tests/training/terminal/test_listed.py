import pytest

from training.terminal.listed import listed


@pytest.mark.parametrize(
    ("words", "said"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_words_are_listed_as_they_are_spoken(words, said):
    assert listed(list(words), "and") == said
    assert listed(list(words), "or") == said.replace("and", "or")
