"""The demo: Mal Pelayanan Publik Samarinda, and a second mall beside it in another zone with the same codes.

It is told through the actions, so nothing in it is in a state that the program cannot reach. Each mall is founded and
filled in one transaction each; a first run that is killed in between goes on where it stopped.
"""
