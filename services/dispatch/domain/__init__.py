"""What dispatch knows about its field, without any I/O."""
