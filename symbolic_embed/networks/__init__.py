"""Plain torch: encoder, decoder, discriminator, adjacency classifier, composer. No files, no music, only tensors."""
