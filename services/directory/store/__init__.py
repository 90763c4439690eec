"""Tables and reads."""
