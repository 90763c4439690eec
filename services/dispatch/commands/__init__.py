"""Every module here is one command; its name is its operation in `shared/access/policy.py`."""
