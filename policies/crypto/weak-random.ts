import { randomBytes } from 'crypto';

export class ChallengeService {
  private resetToken: string;

  issue(): void {
    // breach: crypto/weak-random
    this.resetToken = Math.random().toString(36).substring(2);
    // near-miss: the secure generator
    this.resetToken = randomBytes(32).toString('hex');
  }

  payload(userId: string) {
    return {
      userId,
      // breach: crypto/weak-random
      verificationCode: Math.floor(Math.random() * 900000),
      // near-miss: a sample of requests
      sampled: Math.random() < 0.01,
    };
  }
}
