def schedule(loan, months):
    # breach: time/unadjusted-date
    return [Instalment(loan=loan, due_date=loan.start + relativedelta(months=n)) for n in range(1, months + 1)]


def adjusted_schedule(loan, months, calendar):
    # near-miss: each date is adjusted by the calendar
    return [Instalment(loan=loan, due_date=calendar.following(loan.start + relativedelta(months=n))) for n in range(1, months + 1)]
