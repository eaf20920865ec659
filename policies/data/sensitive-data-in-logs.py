import logging

logger = logging.getLogger(__name__)


def authorise(request, card_no, password):
    # breach: data/sensitive-data-in-logs
    logger.info("authorise card=%s", card_no)
    # near-miss: masked
    logger.info("authorise card=%s", mask_pan(card_no))
    # breach: data/sensitive-data-in-logs
    print(f"login with {password}")
    # near-miss: the last four
    logger.info("card ending %s", card_no[-4:])
    # near-miss: whether it is there
    logger.debug("password given: %s", password is not None)
    # breach: data/sensitive-data-in-logs
    logger.debug("track %s", request["track2_data"])
    # near-miss: stars stand for it
    logger.debug("password %s", "***" if password else "none")
    # breach: data/sensitive-data-in-logs
    raise ValueError("bad card number " + request.card_number)
