"""Which topic a database follows: one of the package, or a folder of data; with the weights that reviewers retrained.

Retrained weights lie in the data folder of the database (`triage/<topic>.json`), never in the package: an update of the
program does not lose them, and deleting the file goes back to the package's own.
"""

from __future__ import annotations

from pathlib import Path

from vlmingest.errors import DataFileError, SettingError, UsageError
from vlmingest.files import write_out
from vlmingest.settings import Settings
from vlmingest.triage import DEFAULT_TOPIC, Topic, load_topic, parse_topic
from vlmingest.triage.topic import FILES, packaged_files, packaged_topics
from vlmingest.triage.words import Weights


def topic_of(settings: Settings) -> Topic:
    """The topic of the settings, with retrained weights where there are any; raises DataFileError."""
    topic = base_topic(settings)
    path = weights_path(settings)
    return topic.with_weights(path.read_bytes(), str(path)) if path.is_file() else topic


def base_topic(settings: Settings) -> Topic:
    """The topic as the package or the folder has it; a name that both could mean is the package's."""
    name = settings.topic
    if name in packaged_topics():
        return load_topic(name)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        known = ", ".join(packaged_topics())
        raise DataFileError(
            f"topic {name}", f"no such folder, and the package has {known}; see: vlmingest init --topic"
        )
    return parse_topic(
        folder.resolve().name, {file: (folder / file).read_bytes() for file in FILES if (folder / file).is_file()}
    )


def weights_path(settings: Settings) -> Path:
    """Where retrained weights of the topic lie."""
    return settings.data_path / "triage" / f"{Path(settings.topic).name}.json"


def checked_recall(settings: Settings) -> float:
    """The recall that is asked for; raises SettingError outside of 0..1."""
    if not 0 < settings.triage_recall <= 1:
        expected = "a share of the model papers, above 0 and at most 1, e.g. 0.95"
        raise SettingError("VLMINGEST_TRIAGE_RECALL", str(settings.triage_recall), expected)
    return settings.triage_recall


def recall_note(weights: Weights, recall: float) -> str:
    """What a recall costs, in plain words."""
    line = weights.line(recall)
    share = f"{line.share:.1%} of the stream" if line.share is not None else "an unknown share of the stream"
    return f"recall {line.recall:.2f} of the labelled model papers, {share} is flagged"


_TOPIC = """\
# What the catalogue looks for. Beside this file: rules.toml (cues with reasons); `vlmingest triage train` adds weights.
title = "{title}"
# query of the arXiv API: the categories (and words) among which papers of the topic appear
query = "cat:cs.CL OR cat:eess.AS"
# families of the topic, as their papers write them
names = []
"""

_RULES = """\
# Cues that a person can read. `weight` is in log-odds: above 0 speaks for a model paper, below 0 against one.
# part: title, abstract, both, comment or more (abstract and comment). Give a `pattern` or `words` (lower case); a
# pattern that begins with (?i) is lower case. `matches` and `rejects` are examples; vlmingest init --check tries them.
[rules]
bias = -4.0     # the sum starts here
flag_at = 0.0   # from here on a paper is read
model_at = 1.5  # from here on it is called a model

# a line of a snapshot is worth a score when it holds one of these (lower case); no words: all are
[first_filter]
words = []

[[cue]]
id = "topic-term"
reason = "names the topic"
part = "both"
weight = 3.0
words = ["{word}"]
matches = ["{word}"]
rejects = ["something else"]

[[cue]]
id = "introduces"
reason = "introduces something by name: 'we present X, a ...'"
part = "abstract"
weight = 2.0
pattern = '[Ww]e (?:present|introduce|propose) [A-Z][\\w-]+, an? '
matches = ["We present Foo, a model"]
rejects = ["we present results"]

[[cue]]
id = "survey"
reason = "survey wording"
part = "title"
weight = -6.0
veto = true
pattern = '(?i)\\bsurvey\\b|\\breview\\b'
matches = ["A Survey of Models"]
rejects = ["A Model"]
"""


def create_topic(name: str, folder: Path) -> list[Path]:
    """Write the folder of a topic to fill in; a name of the package is copied. Never overwrites: raises UsageError."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is there already and not empty; name another with --out")
    if name in packaged_topics():
        files = packaged_files(name)
    else:
        word = "".join(ch if ch.isalnum() else " " for ch in name.lower()).split()
        files = {
            "topic.toml": _TOPIC.format(title=" ".join(word)).encode(),
            "rules.toml": _RULES.format(word=word[0] if word else "topic").encode(),
        }
    for file, data in files.items():
        write_out(folder / file, data)
    return [folder / file for file in files]


def check_topic(topic: Topic) -> list[str]:
    """What is wrong with the cues: an example that a row does not match, a counter-example that it does."""
    from vlmingest.records import PaperMetadata  # noqa: PLC0415
    from vlmingest.triage.rules import found_cues  # noqa: PLC0415
    from vlmingest.triage.words import counts  # noqa: PLC0415

    problems = []
    for cue in topic.rules.cues:
        for text, wanted in [*((text, True) for text in cue.matches), *((text, False) for text in cue.rejects)]:
            part = {"both": "title", "more": "abstract"}.get(cue.part, cue.part)
            paper = PaperMetadata(id="example", **{part: text})
            found = {one.id for one in found_cues(paper, topic.rules, counts(paper.title, paper.abstract).keys())}
            if (cue.id in found) != wanted:
                problems.append(f"{cue.id}: {'does not match its example' if wanted else 'matches'} {text!r}")
    return problems


__all__ = [
    "DEFAULT_TOPIC", "base_topic", "check_topic", "checked_recall", "create_topic", "recall_note", "topic_of", "weights_path",
]  # fmt: skip
