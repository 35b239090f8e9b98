"""vlmingest.read."""
