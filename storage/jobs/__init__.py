"""Keep the queue: accepted requests, from waiting to delivered, taken in fair order.

What can be done with jobs is spread over the modules by subject: `turns`, `showing`, `endings`, `finding`.
"""

from storage.jobs.endings import JobEndings
from storage.jobs.finding import JobsFound
from storage.jobs.showing import JobsShown
from storage.jobs.turns import JobTurns


class Jobs(JobTurns, JobsShown, JobEndings, JobsFound):
    """Keep all jobs.

    Methods that change a job do so only from the state they name, and say whether they did: a job may be
    cancelled or forgotten at any moment.
    """
