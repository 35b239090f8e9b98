"""Topics are folders: a second one (speech synthesis) flags its own papers, and `init` makes another."""

import pytest

from vlmingest import topics
from vlmingest.errors import DataFileError, SettingError, UsageError
from vlmingest.records import PaperMetadata
from vlmingest.settings import Settings
from vlmingest.sources import FirstFilter
from vlmingest.triage import explain_paper, load_topic, score_paper
from vlmingest.triage.topic import packaged_files, packaged_topics

SPEECH = [
    ("Robin: Zero-Shot Text-to-Speech", "We present Robin, a text-to-speech model with codec tokens."),
    ("Wren 2: Longer Stories", "We introduce Wren 2, a speech synthesis model that predicts prosody and duration."),
    ("Quiet Voices", "We propose Thrush, a TTS system that predicts mel spectrograms without a vocoder."),
    ("Cloning a Voice from Three Seconds", "We present Starling, a voice cloning model with a neural codec."),
    ("Fast Speech Synthesis by Flow Matching", "We propose Swift, a text-to-speech model; durations are learned."),
]
OTHERS = [
    ("Robust Speech Recognition", "We present Ear, a speech recognition model for noisy rooms."),
    ("Speech Synthesis: A Survey", "We review text-to-speech models, vocoders and codec tokens."),
    ("A Corpus of Read Stories", "We present Tales, a corpus of voices for text-to-speech."),
    ("Evaluating Text-to-Speech", "We compare listening tests of speech synthesis."),
    ("Heron-VL: A Vision-Language Model", "We present Heron-VL, a vision-language model with visual tokens."),
    ("Sorting on Many Cores", "We sort numbers on many cores."),
    ("Transcription of Meetings", "We propose Minutes, a model of diarization and transcription with speaker voices."),
]


@pytest.fixture(scope="module")
def speech(request):
    folder = request.path.parent / "topics" / "text-to-speech"
    return topics.topic_of(Settings(topic=str(folder)))


def paper(title, abstract):
    return PaperMetadata(id="2506.00001", title=title, abstract=abstract)


@pytest.mark.parametrize(("title", "abstract"), SPEECH)
def test_papers_of_the_second_topic_are_flagged_with_its_reasons(speech, title, abstract):
    found = score_paper(paper(title, abstract), speech)
    assert found.label in {"model", "maybe"}
    assert any("text-to-speech" in reason or "parts" in reason for reason in found.reasons)


@pytest.mark.parametrize(("title", "abstract"), OTHERS)
def test_other_papers_are_not(speech, title, abstract):
    assert score_paper(paper(title, abstract), speech).label == "no"


def test_each_topic_leaves_the_papers_of_the_other_alone(speech):
    assert score_paper(paper(*SPEECH[2])).label == "no"
    vlm = ("Heron-VL: A Vision-Language Model", "We present Heron-VL, a vision-language model with visual tokens.")
    assert score_paper(paper(*vlm)).label != "no"
    assert speech.digest != load_topic().digest


def test_the_cues_of_both_topics_hold_on_their_own_examples(speech):
    assert topics.check_topic(speech) == []
    assert topics.check_topic(load_topic()) == []


def test_the_first_filter_is_the_topics_own(speech):
    first = FirstFilter(speech)
    assert first('{"title": "A neural vocoder"}')
    assert not first('{"title": "A vision-language model"}')
    assert first.dropped == 1


def test_a_new_topic_scores_by_its_rows_and_its_examples_hold(tmp_path):
    made = topics.create_topic("protein design", tmp_path / "protein")
    assert {path.name for path in made} == {"topic.toml", "rules.toml"}
    topic = topics.base_topic(Settings(topic=str(tmp_path / "protein")))
    assert topics.check_topic(topic) == []
    found = explain_paper(paper("Folding", "We present Foo, a protein model."), topic)
    assert found.relevance.label == "maybe"
    assert found.topic == pytest.approx(-4.0 + 3.0 + 2.0)


def test_a_topic_of_the_package_is_copied_whole(tmp_path):
    topics.create_topic("vlm", tmp_path / "mine")
    assert topics.base_topic(Settings(topic=str(tmp_path / "mine"))).weights == load_topic().weights


def test_a_folder_with_files_is_never_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        topics.create_topic("speech", tmp_path)


def test_a_topic_that_is_nowhere_says_what_there_is():
    with pytest.raises(DataFileError, match="vlm"):
        topics.topic_of(Settings(topic="no/such/folder"))


def test_a_row_that_fails_its_examples_is_named(tmp_path):
    topics.create_topic("speech", tmp_path / "a")
    rules = tmp_path / "a" / "rules.toml"
    rules.write_text(rules.read_text().replace('matches = ["speech"]', 'matches = ["language"]'))
    assert topics.check_topic(topics.base_topic(Settings(topic=str(tmp_path / "a")))) == [
        "topic-term: does not match its example 'language'"
    ]


@pytest.mark.parametrize("recall", [0.0, 1.01, 7.0])
def test_an_impossible_recall_is_refused(recall):
    with pytest.raises(SettingError, match="VLMINGEST_TRIAGE_RECALL"):
        topics.checked_recall(Settings(triage_recall=recall))


def test_the_cost_of_a_recall_is_told(speech):
    assert "of the stream is flagged" in topics.recall_note(load_topic().weights, 0.9)
    assert "unknown share" in topics.recall_note(speech.weights, 0.9)


def test_the_package_lists_its_topics():
    assert packaged_topics() == ["vlm"]
    assert set(packaged_files("vlm")) == {"topic.toml", "rules.toml", "weights.json"}


def test_the_doctor_tells_the_topic_and_what_its_recall_costs(tmp_path):
    from vlmingest.health import diagnose

    def check(**changes):
        (found,) = [one for one in diagnose(Settings(db=tmp_path / "a.db", **changes)) if one.name == "topic"]
        return found

    assert "vision-language models: recall 0.97" in check().message
    assert not check(topic="no/such/folder").ok
    assert not check(triage_recall=3.0).ok
