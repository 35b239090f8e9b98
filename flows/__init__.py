"""Prefect flows: thin assembly of pipeline functions; no SQL, no patterns, no decisions about content."""
