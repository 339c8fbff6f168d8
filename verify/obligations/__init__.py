"""The language of claims: verdicts, cases, words, obligations, and where they come from."""
