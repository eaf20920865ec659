std::int64_t exposure(const std::vector<Facility>& facilities) {
    std::int64_t exposure = 0;
    // breach: money/mixed-currencies
    for (const auto& facility : facilities) exposure += facility.outstanding_amount;
    return exposure;
}

Money exposure_in(const std::vector<Facility>& facilities, Currency currency, const Rates& rates) {
    Money exposure{currency};
    // near-miss: Money refuses another currency, and each amount is converted
    for (const auto& facility : facilities) exposure += rates.convert(facility.outstanding_amount, currency);
    return exposure;
}
