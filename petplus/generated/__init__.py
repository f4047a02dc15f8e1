"""Files that are generated from the code, and the checks that they are up to date."""
