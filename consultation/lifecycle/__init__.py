"""How ballots, public notices and objections move."""
