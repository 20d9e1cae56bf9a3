"""What the command line and the page have in common: short texts for people, flat rows, looking things up."""
