"""The verdicts as one page of HTML that can be read offline: the map of the paper, items, claims and errata."""
