"""A collection of pieces, searched: rank (a query against all), matrix (every pair), find (a fragment in a piece)."""
