import pytest

from benchmarks.picture_quality import Options, main
from training.errors import ConfigError


def test_every_way_is_judged_and_what_falls_short_ends_with_status_1(hinted_runs, tmp_path, capsys):
    given = [str(hinted_runs["mobile"]), "--drawings", "2", "--sizes", "64"]
    assert main([*given, "--picture", str(tmp_path / "sheet.png")]) == 1  # an untrained net
    said = capsys.readouterr().out
    for row in ("composed, enlarged", "--smooth", "flats", "the net at its own size", "FAIL"):
        assert row in said
    assert (tmp_path / "sheet.png").exists()


def test_too_few_drawings_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="at least 2 drawings"):
        Options(ckpt=tmp_path, drawings=1)
