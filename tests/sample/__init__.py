"""An app of its own for the tests of the door: one small kind of case with every feature a declaration can have."""
