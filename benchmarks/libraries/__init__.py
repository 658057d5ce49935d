"""Libraries: built under fire, and how fast."""
