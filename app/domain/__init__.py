"""The rules, pure: no table, no clock, no framework."""
