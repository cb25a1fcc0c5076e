"""What people read, in Indonesian and English."""
