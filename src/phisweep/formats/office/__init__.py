"""Office documents: zip files of XML parts, read by paragraph and spliced."""
