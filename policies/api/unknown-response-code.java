package com.bank.clearing;

class ReplyMapper {
    void apply(ClearingReply reply, Order order) {
        if (FAIL_CODES.contains(reply.getCode())) {
            order.fail();
        } else {
            // breach: api/unknown-response-code
            order.success();
        }
    }

    Status statusOf(PartnerReply reply) {
        return switch (reply.getResponseCode()) {
            case "51", "55" -> Status.DECLINED;
            case "91" -> Status.UNKNOWN;
            // breach: api/unknown-response-code
            default -> Status.SUCCESS;
        };
    }

    Status statusOfListed(PartnerReply reply) {
        return switch (String.valueOf(reply.getResponseCode())) {
            case "00" -> Status.SUCCESS;
            case "51", "55" -> Status.DECLINED;
            // near-miss: whatever is not listed is unknown
            default -> Status.UNKNOWN;
        };
    }

    // not-asked: shows a code
    String label(ClearingReply reply) { return labels.get(reply.getCode()); }
}
