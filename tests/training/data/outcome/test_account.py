import json

from training.data.outcome.account import Account
from training.data.preparing.preparation import PreparedPair
from training.data.records import PairRecord


def pair(name, *, lines=3, shape=(40, 30)):
    record = PairRecord(id=name, color=b"", lineart=(b"",) * lines, extractors=("drawn",) * lines)
    return PreparedPair(record=record, group=name, file=name, split=None, shape=shape, hashes=None)


def lines(account, counts, **changes):
    told = {"rejected": 2, "held_out": 1, "grown": False} | changes
    return list(account.lines(counts, **told))


def test_the_lines_say_pairs_drawings_and_how_they_were_fitted():
    account = Account(sources=2, size=(64, 64))
    account.add(pair("a"), "train", source=0)
    account.add(pair("b", lines=2, shape=(9, 9)), "validation", source=0)
    account.add(pair("c", shape=None), "train", source=1)
    counts = {"mine": {"train": 1, "validation": 1}, "openmoji": {"train": 1, "validation": 0}}
    said = lines(account, counts)
    assert said[:-1] == [
        "mine: 1 train, 1 validation pairs",
        "openmoji: 1 train, 0 validation pairs",
        "all: 2 train, 1 validation pairs",
        "5 pictures gave 3 pairs with 8 line drawings",
        "fitted into 64 x 64, nothing cut off or squashed:",
        "  1 paper left and right, 1 without paper",
    ]
    assert "1 drawing to validate on" in said[-1]


def test_ten_groups_to_validate_on_are_enough():
    counts = {"s": {"train": 3, "validation": 30}}
    account = Account(sources=1, size=(64, 64))
    assert not [line for line in lines(account, counts, held_out=10) if "warning" in line]
    assert "9 drawings to validate" in lines(account, counts, held_out=9)[-1]
    assert lines(account, counts, grown=True)[0] == "added: 3 train, 30 validation pairs"


def test_the_rows_show_both_splits_of_each_source_and_it_goes_on_from_what_was_noted():
    account, shown = Account(sources=2, size=(64, 64)), []
    for number in range(20):
        noted = json.loads(json.dumps(account.noted()))
        account = Account(sources=2, size=(64, 64), noted=noted)
        for source, split in ((0, "validation" if number < 9 else "train"), (1, "train")):
            if row := account.add(pair(f"{source} {number}"), split, source=source):
                shown.append((row.file[0], row.split))
    assert shown.count(("0", "validation")) == 2
    assert shown.count(("0", "train")) == shown.count(("1", "train")) == 4
    assert account.extractors == {"drawn"}
    counts = {"s": {"train": 40, "validation": 0}}
    assert "40 pairs with 120 line drawings" in lines(account, counts)[1]
