"""Floor 7: where the money for old and unmanaged elevators comes from: schemes, budgets, applications, maintenance funds, hazards."""
