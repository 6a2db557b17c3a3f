"""Pages of rolls, ballots, paper, objections, and the public notice."""
