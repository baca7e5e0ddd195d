"""What reads delimited tables; apart, so that only they import numpy and pyarrow."""
