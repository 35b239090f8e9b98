"""Sample papers, written for vlmingest: `papers.jsonl` and `pdf/` in the replica's corpus format, `gold/` beside them.

Every model and author in them is invented; real models occur as comparisons. Rebuilt by `tools/make_samples.py`.
"""
