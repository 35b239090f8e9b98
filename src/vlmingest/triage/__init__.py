"""Is a paper worth reading? Metadata -> score with reasons; pure, explainable, no downloads."""

from vlmingest.triage.score import DEFAULT_RECALL, TRIAGE_VERSION, explain_paper, score_paper, worth_scoring
from vlmingest.triage.topic import DEFAULT_TOPIC, Topic, load_topic, parse_topic

__all__ = [
    "DEFAULT_RECALL",
    "DEFAULT_TOPIC",
    "TRIAGE_VERSION",
    "Topic",
    "explain_paper",
    "load_topic",
    "parse_topic",
    "score_paper",
    "worth_scoring",
]
