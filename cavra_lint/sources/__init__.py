"""Sources: what a file is once it is read; each module knows one language, and none knows a rule."""
