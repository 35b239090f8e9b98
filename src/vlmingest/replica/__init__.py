"""A local replica of arXiv's services: a real HTTP server on loopback, for demos, tests and development against arXiv.

    with Replica(Path("corpus"), tonight=date(2025, 6, 3)) as replica:
        ...  # replica.base_url + "/api/query", "/oai", "/atom/CATEGORIES", "/pdf/ID", "/abs/ID" ...
        replica.tonight = date(2025, 6, 4)  # the next night: newly announced versions appear
        replica.log  # every request with its time, for proofs of spacing

Corpus folder: `papers.jsonl`, one JSON object a line and paper:

    {"id": "2506.01234", "title": "...", "authors": ["..."], "abstract": "...", "categories": ["cs.CV", "cs.CL"],
     "comment": "...", "doi": "...", "journal_ref": "...", "licence": "http://...",
     "versions": [{"version": 1, "submitted": "2025-06-02T17:59:59Z", "announced": "2025-06-03",
                   "pdf": "pdf/2506.01234v1.pdf", "html": "html/2506.01234v1.html", "source": "src/1234v1.tar.gz"},
                  {"version": 2, "submitted": "...", "announced": "2025-06-05", "withdrawn": true, "comment": "..."}]}

The first category is the primary one. A version may restate title, authors, abstract, comment, doi, journal_ref, licence; what
it does not restate is the version's before it. Paths are relative to the folder and stay inside it. Only versions with
`announced` <= `tonight` exist (all, where `tonight` is None). A withdrawn version has no full text; earlier ones keep
theirs. A folder without `papers.jsonl` is served, too: its PDFs named by arXiv id (`2304.08485v2.pdf`), at any depth.

The answers take the forms of arXiv's recorded ones: unknown ids in `id_list` are dropped without a word, malformed ones
give HTTP 400 with an "Error" entry, more than 30,000 results give HTTP 400, a page holds 2,000 entries at most.

Faults: see `vlmingest.replica.faults`. Control, from here only: `POST /replica/tonight`, `POST /replica/faults` (the
new value as body), `GET /replica/log` (JSON); they are not logged.
"""

from __future__ import annotations

from vlmingest.replica.corpus import Corpus, Edition
from vlmingest.replica.faults import Fault, FaultPlan
from vlmingest.replica.server import LogEntry, Replica, run_replica

__all__ = ["Corpus", "Edition", "Fault", "FaultPlan", "LogEntry", "Replica", "run_replica"]
