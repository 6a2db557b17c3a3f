"""Floor 3: money and limits as immutable transfers, and the orders that pay them out."""
