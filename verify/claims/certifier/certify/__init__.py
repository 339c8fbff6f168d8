"""The certifier's theorem: its parts, and how they are composed."""
