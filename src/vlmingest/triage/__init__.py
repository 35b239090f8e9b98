"""vlmingest.triage."""
