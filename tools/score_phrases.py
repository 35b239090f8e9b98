"""How much of ordinary phrasing is understood: one sentence at a time (`tests/paraphrased/phrases/*.toml`).

Usage: python tools/score_phrases.py [FIELD ...] [--folder DIR] [--quiet]

Each sentence stands in the method section of a tiny paper on a model of its own. Written without a look at the rules.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
_FRAME = """
# Abstract
We present Foo-VL, a large vision-language model that is trained on image-text pairs.
# 1 Introduction
Vision-language models have come far. We propose Foo-VL.
# 3 {heading}
{text}
# 4 Experiments
We evaluate Foo-VL on several benchmarks.
"""
_HEADING = {
    "devices": "Training Details",
    "objectives": "Training",
    "freeze": "Training",
    "datasets_training": "Training Data",
    "image_resolutions": "Training Details",
}
_LETTER = {"vision_encoder": "v", "connector": "c", "language_model": "l", "other": "o"}


def found(field: str, text: str) -> list[str] | str:
    """What the product reads of the field in a paper that holds the sentence."""
    from tests.unit.extract.stages_papers import document
    from vlmingest.extract import extract_candidates
    from vlmingest.records import PaperMetadata
    from vlmingest.settle import settle

    body = _FRAME.format(heading=_HEADING.get(field, "Method"), text=text)
    meta = PaperMetadata(id="2401.00001", title="Foo-VL: A Vision-Language Model")
    made = document(body).model_copy(update={"title": meta.title})
    candidates, relevance, findings = extract_candidates(made, meta)
    record = settle(meta, relevance, candidates, (), findings).record
    if field == "freeze":
        stages = record.training.stages
        if not stages:
            return "no stage"
        trained, frozen = (
            "".join(_LETTER[part] for part in parts) for parts in (stages[0].trainable, stages[0].frozen)
        )
        return f"{_ordered(trained)} | {_ordered(frozen)}"
    values = {
        "vision_encoders": lambda: [item.name for item in record.architecture.vision_encoders],
        "language_models": lambda: [item.name for item in record.architecture.language_models],
        "connectors": lambda: [item.type for item in record.architecture.connectors],
        "datasets_training": lambda: [item.name for item in record.datasets.training],
        "model_sizes": lambda: list(record.model.sizes),
        "image_resolutions": lambda: [str(item.value) for item in record.architecture.image_resolutions],
        "devices": lambda: [item.device for item in record.training.compute],
        "architecture_types": lambda: [item.type for item in record.architecture.types],
        "objectives": lambda: [item.type for item in record.training.objectives],
    }
    return values[field]()


def _ordered(letters: str) -> str:
    return "".join(letter for letter in "vclo" if letter in letters)


def is_right(want: list[str] | str, got: list[str] | str) -> bool:
    """Lists: as many values, each wanted one part of a value; freeze maps: the same."""
    if isinstance(want, str) or isinstance(got, str):
        return want == got
    fold = [name.lower().replace("-", "").replace(" ", "") for name in got]
    return len(want) == len(got) and all(
        any(name.lower().replace("-", "").replace(" ", "") in one for one in fold) for name in want
    )


def main() -> int:
    """Print misses and a total per field."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fields", nargs="*")
    parser.add_argument("--folder", type=Path, default=ROOT / "tests" / "paraphrased" / "phrases")
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    for path in sorted(arguments.folder.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        field = data["field"]
        if arguments.fields and field not in arguments.fields:
            continue
        right = 0
        for phrase in data["phrases"]:
            got = found(field, data.get("frame", "") + phrase["text"])
            if is_right(phrase["want"], got):
                right += 1
            elif not arguments.quiet:
                print(f"  {path.stem}: wanted {phrase['want']} got {got}: {phrase['text']}")
        print(f"{path.stem:<24}{right} of {len(data['phrases'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
