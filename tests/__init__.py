"""Tests: see CONTRIBUTING.md."""
