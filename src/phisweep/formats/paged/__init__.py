"""PDF: pages read by pdfium, all else by pypdf, and a copy of pictures of the pages."""
