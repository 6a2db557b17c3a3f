"""The owners decide: rolls, ballots, public notices, objections."""
