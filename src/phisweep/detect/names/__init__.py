"""The bundled model that finds names and places: words -> features -> scores -> findings."""
