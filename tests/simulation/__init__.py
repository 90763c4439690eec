"""The whole system in one thread, on a simulated broker, clock and store that fail as a seed says."""
