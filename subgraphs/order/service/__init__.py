"""What happens to orders: placing, changes of status, the live feed of changes, and forgetting people."""
