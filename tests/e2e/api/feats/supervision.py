"""What people do in supervision, each under its operation's name: a state in which it succeeds, and the doing."""
