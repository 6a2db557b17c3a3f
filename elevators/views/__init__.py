"""Pages of the register and of filing."""
