"""What linli costs, as ratios to the same work done by hand, measured in turn in the same run."""
