"""vlmingest.fetch."""
