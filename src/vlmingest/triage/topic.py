"""A topic: a folder of data that says what a catalogue looks for, and how a paper of it is recognised.

- `topic.toml`: `title`, `query` (of the arXiv API), `names` (families of the topic, as its papers write them).
- `rules.toml`: cues with reasons, and the words of the first filter.
- `weights.json`: the trained linear model with its data card; a topic without it is scored by the rows alone.

The package carries the topic `vlm`. `parse_topic` takes the files as bytes, so that this side reads package data only.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import resources

from vlmingest.errors import DataFileError
from vlmingest.triage.rules import Rules, parse_rules
from vlmingest.triage.words import Weights, parse_weights

DEFAULT_TOPIC = "vlm"
FILES = ("topic.toml", "rules.toml", "weights.json")


@dataclass(frozen=True, slots=True)
class Topic:
    """Everything that triage knows of a topic; `digest` names this state of it."""

    name: str
    title: str
    query: str
    names: tuple[str, ...]
    rules: Rules
    weights: Weights
    digest: str

    def with_weights(self, data: bytes, where: str) -> Topic:
        """The same topic with other weights (retrained from verdicts)."""
        digest = sha256(self.digest.encode() + data).hexdigest()[:16]
        return replace(self, weights=parse_weights(data, where), digest=digest)


def parse_topic(name: str, files: Mapping[str, bytes]) -> Topic:
    """The topic of a folder's files; raises DataFileError for a file that is missing or broken."""
    try:
        about = tomllib.loads(files["topic.toml"].decode("utf-8"))
        title, query, names = str(about["title"]), str(about.get("query", "")), tuple(map(str, about.get("names", ())))
        rules = parse_rules(files["rules.toml"].decode("utf-8"), names, f"{name}/rules.toml")
    except KeyError as error:
        raise DataFileError(f"topic {name}", f"{error} is missing; see: vlmingest init --topic") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(f"{name}/topic.toml", f"cannot be read ({error})") from error
    weights = files.get("weights.json")
    digest = sha256(b"\0".join(files.get(file, b"") for file in FILES)).hexdigest()[:16]
    model = parse_weights(weights, f"{name}/weights.json") if weights else untrained(rules)
    return Topic(name, title, query, names, rules, model, digest)


@cache
def load_topic(name: str = DEFAULT_TOPIC) -> Topic:
    """A topic of the package, read once; raises DataFileError where there is none of that name."""
    return parse_topic(name, packaged_files(name))


def packaged_files(name: str) -> dict[str, bytes]:
    """The files of a topic of the package."""
    folder = resources.files(__package__).joinpath("topics", name)
    if name not in packaged_topics():
        raise DataFileError(f"topic {name}", f"the package has {', '.join(packaged_topics())}; a folder works too")
    return {file: folder.joinpath(file).read_bytes() for file in FILES if folder.joinpath(file).is_file()}


def packaged_topics() -> list[str]:
    """The names of the package's topics."""
    root = resources.files(__package__).joinpath("topics")
    return sorted(entry.name for entry in root.iterdir() if entry.joinpath("topic.toml").is_file())


def untrained(rules: Rules) -> Weights:
    """The rows' own weights as the model of a topic that nobody trained yet."""
    cues = {cue.id: (cue.weight, cue.weight) for cue in rules.cues}
    card: dict[str, object] = {"what": "the rows' own weights; nothing was trained"}
    data = {
        "card": card, "bias": [rules.bias, rules.bias], "terms": {}, "cues": cues, "calibration": [1.0, -rules.flag_at],
        "lines": [[1.0, rules.flag_at, rules.flag_at, None]], "model_at": rules.model_at,
    }  # fmt: skip
    return parse_weights(json.dumps(data).encode(), "rules.toml")
