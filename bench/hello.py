"""`python -m bench.hello PORT`: a bare FastAPI program of one route, served as ours is. What the framework can do."""

import sys

import uvicorn
from fastapi import FastAPI

from app.schemas.health import Liveness
from app.web.server import configured

app = FastAPI(openapi_url=None)


@app.get("/hello")
async def hello() -> Liveness:
    """Answer what `GET /health/live` answers."""
    return Liveness(status="pass")


if __name__ == "__main__":
    config = configured(app, "127.0.0.1", int(sys.argv[1]))
    config.http = "auto"  # bare: with uvicorn's own connections
    uvicorn.Server(config).run()
