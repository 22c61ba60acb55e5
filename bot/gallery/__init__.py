"""The gallery: paintings that people can choose as a style without having one.

It knows names and files. Pictures are opened by the decoder's process alone, here as everywhere.
"""
