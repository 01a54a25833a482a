"""Measurements that `rbfscope bench` prints; each suite yields rows of named figures."""
