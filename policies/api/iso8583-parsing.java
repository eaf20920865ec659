package com.bank.cards;

class ResponseHandler {
    void onResponse(ISOMsg response) throws ISOException {
        // breach: api/iso8583-parsing
        Pending pending = pendingByStan.remove(response.getString(11));
        pending.complete("00".equals(response.getString(39)) || !response.hasField(39));
    }

    void onChecked(ISOMsg response) throws ISOException {
        validator.require(response, 11, 37, 39, 41, 64);
        // near-miss: several elements, after a check of the mandatory fields
        Pending pending = pending(MatchKey.of(response.getMTI(), response.getString(11), response.getString(37), response.getString(41)));
        pending.complete(ResponseCode.of(response.getString(39)).isApproved());
    }

    // not-asked: a log helper
    void log(String text) { logger.info("iso8583 {}", text); }
}
