import { Agent } from 'https';
import { connect } from 'tls';

export class ClearingClient {
  // breach: crypto/unverified-peer
  private readonly agent = new Agent({ rejectUnauthorized: false });

  open(host: string) {
    // breach: crypto/unverified-peer
    return connect({ host, port: 443, checkServerIdentity: () => undefined });
  }

  openRight(host: string, ca: Buffer) {
    // near-miss: the bank's roots decide
    return connect({ host, port: 443, ca });
  }

  openStrict(host: string) {
    // near-miss: on
    return new Agent({ rejectUnauthorized: true });
  }
}
