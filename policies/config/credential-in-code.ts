export class ClearingClient {
  // breach: config/credential-in-code
  private password = 'Cl3aring!';
  // near-miss: the name of a header
  private tokenHeader = 'X-Auth-Token-2';

  // breach: config/credential-in-code
  constructor(private readonly apiKey: string = '9f8e7d6c5b4a32100a1b') {}

  isSupervisor(password: string): boolean {
    // breach: config/credential-in-code
    return password === 'Sup3r$visor';
  }

  // near-miss: a kind of input
  input = { type: 'password', autocomplete: 'new-password' };
}
