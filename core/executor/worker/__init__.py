"""The worker: the process that holds TensorFlow and one device, and what is said to it and by it.

Its parents, local or on a cluster, use `process` and `wire`; only the child imports `worker`.
"""
