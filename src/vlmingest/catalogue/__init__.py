"""vlmingest.catalogue."""
