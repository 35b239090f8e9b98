"""Document -> candidates with evidence, for every field: rule rows and tables, no I/O, the same input gives the same output.

`extract_candidates` runs the field readers in order. A reader is a `Callable[[PaperView], Iterable[Candidate]]`; it raises
nothing for odd text. To add one, put it into `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vlmingest.cycles import no_cycle_search
from vlmingest.document import Document, Finding
from vlmingest.extract.compute import read_compute
from vlmingest.extract.connectors import read_connectors
from vlmingest.extract.datasets import read_datasets
from vlmingest.extract.figure import read_figure
from vlmingest.extract.identity import read_identity
from vlmingest.extract.links import read_links
from vlmingest.extract.objectives import read_objectives
from vlmingest.extract.parts import read_parts
from vlmingest.extract.resolution import read_resolutions
from vlmingest.extract.second_look import second_look
from vlmingest.extract.sizes import read_sizes
from vlmingest.extract.stages import read_stages
from vlmingest.extract.tokens import read_active_sizes, read_visual_tokens
from vlmingest.extract.view import PaperView
from vlmingest.records import Candidate, PaperMetadata, Relevance

__all__ = ["EXTRACT_VERSION", "READERS", "FieldReader", "PaperView", "extract_candidates"]

EXTRACT_VERSION = "extract.v1"

FieldReader = Callable[[PaperView], Iterable[Candidate]]

READERS: tuple[FieldReader, ...] = (
    read_parts,
    read_connectors,
    read_datasets,
    read_identity,
    read_sizes,
    read_links,
    read_figure,
    read_resolutions,
    read_stages,
    read_objectives,
    read_compute,
    read_visual_tokens,
    read_active_sizes,
)


def extract_candidates(
    document: Document, paper: PaperMetadata | None = None, relevance: Relevance | None = None
) -> tuple[list[Candidate], Relevance, list[Finding]]:
    """All candidates of one Document (negative evidence too), the relevance after a second look, and findings.

    `relevance` is what triage said of the metadata; None: nothing is known, the text alone decides.
    """
    with (
        no_cycle_search()
    ):  # the view is gone before the search is on again: else it would look through all that is dropped
        return _extract(document, paper, relevance)


def _extract(
    document: Document, paper: PaperMetadata | None, relevance: Relevance | None
) -> tuple[list[Candidate], Relevance, list[Finding]]:
    view = PaperView(document, paper)
    candidates = [candidate for reader in READERS for candidate in reader(view)]
    judged = relevance if relevance is not None else Relevance(label="maybe", score=0.5)
    judged = second_look(view, judged)
    view.forget()
    return candidates, judged, list(document.findings)
