"""What every service stands on: contracts, the engine, the store, the two doors and the way out."""
