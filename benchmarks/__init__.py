"""What reportgen costs, measured side by side with what a user would run instead."""

import os

# What is installed comes with its modules compiled; a checkout that may not keep them would compile our side each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
