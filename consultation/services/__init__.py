"""Writes that are not steps, and the doors that prepare a step's facts: rolls, ballots, paper sheets, notices, objections."""
