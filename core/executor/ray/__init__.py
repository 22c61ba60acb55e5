"""Paintings on a Ray cluster: actors on its nodes, and the process that holds the connection.

All that knows Ray belongs here, and Ray is imported by two of its processes only.
"""
