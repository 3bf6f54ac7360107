"""Pure values and rules of delivery: entries, the attempt, the chain, the clock, the batch."""
