"""`python -m petplus` is `petplus`."""

from petplus.cli.main import app

app()
