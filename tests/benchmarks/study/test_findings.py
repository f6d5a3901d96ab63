from benchmarks.study.findings import findings
from benchmarks.study.gaps import missing
from benchmarks.study.groups import Extent, read_groups
from benchmarks.study.tables import longer_table
from tests.benchmarks.study.folder import BUDGET, EXTENT, complete_groups, write_baselines


def test_nothing_is_found_where_nothing_was_measured(tmp_path):
    assert findings(read_groups(BUDGET, None, tmp_path, extent=EXTENT)) == []


def test_who_has_converged_is_said_by_name(tmp_path):
    read = complete_groups(tmp_path, {"wgan-gp": 16.0})
    (sentence,) = [line for line in findings(read) if line.startswith("Converged")]
    assert "; Not: wgan-gp." in sentence


def test_who_is_past_the_baselines_is_said_by_name(tmp_path):
    write_baselines(tmp_path, size=BUDGET.size)  # CIEDE2000 9, PSNR 16
    read = complete_groups(tmp_path, {"l1": 10.0, "2017-selu": 8.9, "l1-gan-1": 12.0})
    (sentence,) = [line for line in findings(read) if line.startswith("Past both baselines")]
    better = sentence.partition("in CIEDE2000 ")[2].partition(" (the better one has 9.00)")[0]
    assert better.split(", ") == [n for n in read.presets if n not in ("l1", "l1-gan-1")]


def test_what_more_updates_change_is_said_best_first_and_against_the_baselines(tmp_path):
    write_baselines(tmp_path, size=BUDGET.size)  # CIEDE2000 9, PSNR 16
    read = complete_groups(tmp_path, {"l1.2768steps": 6.5, "selu.2768steps": 9.5})
    (sentence,) = [line for line in findings(read) if line.startswith("After about 2,768 updates")]
    assert "CIEDE2000 is: l1 6.50, l1-gan-100 8.00, " in sentence
    assert "selu-wgan-gp 8.00, selu 9.50. Past both baselines" in sentence
    table = dict(longer_table(read).rows)
    assert table["l1"][:4] == [
        ("18.50", "18.44 to 18.56"),
        ("+1.50", "+1.50 to +1.50"),
        ("6.50", "6.44 to 6.56"),
        ("-1.50", "-1.50 to -1.50"),
    ]
    assert (table["l1-gan-100"][-1], table["selu"][-1]) == (("yes", ""), ("no", ""))
    assert table["uncoloured paper"][0][0] == "16.00"


def test_without_longer_trainings_nothing_is_said_of_them(tmp_path):
    read = read_groups(BUDGET, None, tmp_path, extent=Extent(longer=1))
    assert read.longer == []
    assert not [line for line in missing(read, large_possible=False) if "steps" in line]
