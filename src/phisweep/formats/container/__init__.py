"""What archives, packed files and mail share: documents that hold other documents."""
