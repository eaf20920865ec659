def credit(acct, amount):
    try:
        ledger.credit(acct, amount)
    # breach: error/swallowed-exception
    except Exception:
        pass


def refresh():
    try:
        rates.refresh()
    # breach: error/swallowed-exception
    except:
        pass


def save(entry):
    try:
        entry_repository.save(entry)
    # breach: error/swallowed-exception
    except DatabaseError:
        log.exception("save failed")
    queue.put(entry)


def translated(acct, amount):
    try:
        ledger.credit(acct, amount)
    # near-miss: translated with its cause
    except DatabaseError as exc:
        raise PostingError(acct) from exc


def close(connection):
    try:
        connection.close()
    # near-miss: what is closed is needed no more
    except Exception:
        pass


def find(number):
    try:
        account = accounts[number]
    # near-miss: an expected outcome
    except KeyError:
        account = None
    return account
