"""What every round of a network does, proved round by round."""
