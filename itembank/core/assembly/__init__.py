"""Forms chosen together: how many disjoint forms a bank holds, and parallel forms, as linear models over the board."""
