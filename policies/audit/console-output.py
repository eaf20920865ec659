import logging
import traceback

log = logging.getLogger(__name__)


def post(entry, report):
    try:
        ledger.post(entry)
    except DatabaseError:
        # breach: audit/console-output
        print("post failed", entry.account_no)
        # breach: audit/console-output
        traceback.print_exc()
        # near-miss: the logger takes it
        log.exception("post failed entry=%s", entry.id)
        # near-miss: a report file
        print(entry.id, file=report)
        raise
