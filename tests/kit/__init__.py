"""What the tests of several rooms share: stand-ins, pictures, addresses, a cluster, a chat page to type into.

A helper enters once a second room needs it; fixtures stay in the `conftest.py` of the rooms that use them.
"""
