"""DICOM: what PS3.15 asks of its elements, documents, and their pixels."""
