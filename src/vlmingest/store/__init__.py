"""vlmingest.store."""
