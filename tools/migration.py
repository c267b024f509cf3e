"""Write a migration from the models: `make migration m="add a column"`. Read it before it is committed."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from crm.core.db import make_engine
from crm.migrations import runner


def main() -> None:
    message = " ".join(sys.argv[1:]).strip()
    if not message:
        sys.exit('Say what changes: make migration m="add a column"')
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'before.db'}")
        runner.upgrade(engine)
        runner.write_revision(engine, message)
        engine.dispose()


if __name__ == "__main__":
    main()
