"""Floor 8: the use-manager's first-responsibility claim: advances to the injured, assessment, settlement, closing."""
