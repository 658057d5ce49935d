"""What training minimises, one file each: dssm, adjacency, prior (adversarial), variational (its rival),
reconstruction."""
