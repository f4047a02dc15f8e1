"""The Helm chart of `deploy/chart`: what it renders, what it refuses, and that its processes run."""
