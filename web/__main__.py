"""`python -m web`: serve the application."""

import uvicorn

from crm.core.logging import configure_logging
from crm.core.settings import settings


def main() -> None:
    configure_logging()
    uvicorn.run(
        "web.server:make_app",
        factory=True,
        host=settings().host,
        port=settings().port,
        log_config=None,
        access_log=False,  # it would hold addresses; RequestLog writes ours
        server_header=False,
        timeout_graceful_shutdown=5,  # an open page would otherwise keep a stopped server waiting
    )


if __name__ == "__main__":
    main()
