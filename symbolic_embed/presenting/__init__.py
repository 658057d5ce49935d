"""Music for the eye: what a piece holds in words and tables, and as a picture; why pieces are alike."""
