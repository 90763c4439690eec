"""Real processes under a load of whole lives, what befalls them, and the checker that looks for what was lost."""
