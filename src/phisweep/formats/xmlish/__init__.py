"""What XML holds, by the words of its vocabulary: clinical documents, pictures of text, any other."""
