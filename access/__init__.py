"""Floor 0: users, organisations, roles, scopes. Knows no case."""
