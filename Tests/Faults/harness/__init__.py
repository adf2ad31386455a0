"""What the tests of this folder share: a proxy that breaks requests, clients to kill, and a history to check."""
