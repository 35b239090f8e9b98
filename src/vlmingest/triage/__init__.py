"""Is a paper worth reading? Metadata -> score with reasons; pure, explainable, no downloads."""

from vlmingest.triage.score import TRIAGE_VERSION, score_paper, worth_scoring

__all__ = ["TRIAGE_VERSION", "score_paper", "worth_scoring"]
