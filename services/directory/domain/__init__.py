"""What the directory knows about its field, without any I/O."""
