"""The `petplus` command: one module for each group of subcommands."""
