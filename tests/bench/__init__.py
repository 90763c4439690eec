"""What a whistle costs: `make bench`."""
