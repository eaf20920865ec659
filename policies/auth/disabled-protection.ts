import helmet from 'helmet';
import { ApolloServer } from '@apollo/server';

export function protect(app: Application): void {
  // breach: auth/disabled-protection
  app.use(helmet({ contentSecurityPolicy: false }));
  // near-miss: a policy of its own
  app.use(helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'self'"] } } }));
}

export const gateway = new ApolloServer({
  schema: accountsSchema,
  // breach: auth/disabled-protection
  csrfPrevention: false,
});

// near-miss: the protection is on
export const reports = new ApolloServer({ schema: reportsSchema, csrfPrevention: true });
