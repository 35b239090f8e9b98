"""vlmingest.extract."""
