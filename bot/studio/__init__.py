"""The studio: from a job in the queue to the delivered picture.

It knows jobs, executors and messages about jobs; what people write or tap is the chat's business.
"""
