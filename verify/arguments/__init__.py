"""From the words of a command to objects: numbers, settings, learners, data, adversaries, fragments and obligations."""
