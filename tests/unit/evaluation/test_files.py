"""Gold and kept runs from files: what is wrong with one is said in one line."""

import json

import pytest

from vlmingest.errors import DataFileError, UsageError
from vlmingest.evaluation import evaluate
from vlmingest.evaluation.files import read_gold, read_run


def test_gold_is_read_by_name_and_an_empty_folder_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no gold annotation"):
        read_gold(tmp_path)
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"arxiv_id": name, "vision_encoders": None}), encoding="utf-8"
        )
    assert [one["arxiv_id"] for one in read_gold(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nope", "is not JSON"),
        ("[1]", "an object"),
        ('{"vision_encoders": "CLIP"}', "vision_encoders is not a list"),
        ('{"links": []}', "links is not an object"),
        ('{"compute": ["A100"]}', "compute holds"),
        ('{"language_models": [3]}', "neither a name"),
        ('{"language_models": [{"family": "x"}]}', "neither a name"),
    ],
)
def test_a_faulty_annotation_is_named(tmp_path, text, said):
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=said) as caught:
        read_gold(tmp_path)
    assert "x.json" in str(caught.value)


def test_a_run_reads_back_and_other_files_are_refused(tmp_path):
    scores = evaluate([], [{"arxiv_id": "1", "kind": "model"}])
    path = tmp_path / "run.json"
    path.write_text(scores.model_dump_json(), encoding="utf-8")
    assert read_run(path) == scores
    path.write_text('{"arxiv_id": 1}', encoding="utf-8")
    with pytest.raises(DataFileError, match="eval --out"):
        read_run(path)
