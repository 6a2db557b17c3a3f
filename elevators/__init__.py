"""Floor 5: the register of elevators: who managed, maintained and insured each one when, what happened to it."""
