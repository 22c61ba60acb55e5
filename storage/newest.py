"""Tell how recent the database is."""

from storage.database import Database

NEWEST = """
SELECT max(
    (SELECT coalesce(max(updated), 0) FROM sessions),
    (SELECT coalesce(max(created), 0) FROM users),
    (SELECT coalesce(max(seen), 0) FROM last_photos),
    (SELECT coalesce(max(created), 0) FROM jobs),
    (SELECT coalesce(max(finished), 0) FROM jobs)
) AS newest
"""


async def newest_entry(database: Database) -> float:
    """Return when anything that tells its time was last written, in Unix seconds; 0 where nothing is."""
    rows = await database.read(NEWEST)
    return float(rows[0]["newest"])
