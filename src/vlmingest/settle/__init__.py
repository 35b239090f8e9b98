"""vlmingest.settle."""
