"""What reads and writes workbooks; apart, so that only they import numpy and pyarrow."""
