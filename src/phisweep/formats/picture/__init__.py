"""Pictures, recordings and video: what kind they are, and the words that lie beside what is seen and heard."""
