import { Logger } from '@nestjs/common';

export class Authorisation {
  private readonly logger = new Logger(Authorisation.name);

  authorise(request: AuthRequest, otp: string): void {
    // breach: data/sensitive-data-in-logs
    this.logger.log(`authorise card ${request.cardNo}`);
    // near-miss: masked
    this.logger.log(`authorise card ${mask(request.cardNo)}`);
    // breach: data/sensitive-data-in-logs
    console.debug('one-time password', otp);
    // near-miss: how long it is
    console.debug('one-time password length', otp.length);
    // near-miss: a text about one
    console.debug('the password field is empty');
  }
}
