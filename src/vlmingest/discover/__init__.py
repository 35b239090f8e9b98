"""vlmingest.discover."""
