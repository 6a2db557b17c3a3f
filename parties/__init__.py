"""Floor 2: people and organisations outside, who they are, who speaks for them, where their money goes."""
