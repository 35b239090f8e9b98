"""vlmingest.sample."""
