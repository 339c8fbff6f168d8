"""Pictures of activations, fragments, circuits, rounds and the map of the paper."""
