"""Directory (名录): areas down to the cell, departments, people and accounts, and everybody's reference data."""
