"""Floor 4: what is served on people: declared documents (facts in, PDF out) and messages, each delivery logged."""
