"""What a year of the example district leaves behind, as a text that two commits are compared by."""
