"""`python -m petplus` is `petplus`."""

from petplus.cli import app

app()
