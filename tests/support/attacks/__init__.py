"""What an attacker sends: documents and bodies, connections that hold memory, and work on passwords."""
