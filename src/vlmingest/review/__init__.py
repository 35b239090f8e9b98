"""vlmingest.review."""
