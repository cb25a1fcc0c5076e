"""What befalls a program, for the refusals that follow from it."""

import asyncio
from collections.abc import AsyncIterator


async def never_ending() -> AsyncIterator[bytes]:
    """A body that begins."""
    yield b"{"
    await asyncio.Event().wait()


CUT = """
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON tickets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()
"""
"""The connection is lost while the database commits."""
