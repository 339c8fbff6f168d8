"""What each vertex of a network is: gate, memory, control, output; found, not believed."""
