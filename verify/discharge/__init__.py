"""From obligations to results: one, or many in worker processes, with results that are kept."""
