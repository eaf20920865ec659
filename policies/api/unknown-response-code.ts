export class CardSwitch {
  complete(payment: Payment, reply: HostReply): void {
    // breach: api/unknown-response-code
    if (!reply.errorCode) payment.confirm();
    else payment.fail(reply.errorCode);
  }

  completeListed(payment: Payment, reply: HostReply): void {
    // near-miss: only the listed code confirms
    if (reply.responseCode === '00') payment.confirm();
    else payment.markUnknown(reply.responseCode);
  }
}
