"""The constructions of the paper, as exact objects: one folder per chapter, each importing only itself and those
before it."""
