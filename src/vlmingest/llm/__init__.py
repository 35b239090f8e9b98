"""vlmingest.llm."""
