"""vlmingest.vocabulary."""
