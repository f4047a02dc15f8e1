"""Changes many orders while processes are killed, and then counts whether anything was lost, doubled or reordered."""
