"""What training minimises, one file each: dssm, adjacency, prior (adversarial), variational (its rival),
reconstruction, returning, versions (of a passage)."""
