"""What is printed and written: printable text on the screen, and files that are whole or not there."""
