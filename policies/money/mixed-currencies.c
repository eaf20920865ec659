struct leg { char ccy[4]; int64_t amount_minor; };

int64_t net_position(const struct leg *legs, size_t n)
{
    int64_t net = 0;
    for (size_t i = 0; i < n; i++)
        // breach: money/mixed-currencies
        net += legs[i].amount_minor;
    return net;
}

int64_t net_position_in(const struct leg *legs, size_t n, const char *ccy)
{
    int64_t net = 0;
    for (size_t i = 0; i < n; i++)
        // near-miss: other currencies are left out
        if (strcmp(legs[i].ccy, ccy) == 0) net += legs[i].amount_minor;
    return net;
}
