interface Repo {
  find(id: string): string;
}

class SqlRepo implements Repo {
  constructor(private readonly prefix: string) {}

  find(id: string): string {
    return this.prefix + id;
  }
}

enum Level {
  Low = 'low',
  High = 'high',
}

export class Service {
  constructor(private repo: Repo) {}

  load(tainted: string): void {
    sink(this.repo.find(tainted)); // flow
  }
}

function generic<T>(value: T): T {
  return value as T;
}

export function typed(tainted: string) {
  sink(generic<string>(tainted)!); // flow
  const level: Level = Level.Low;
  sink(level === Level.Low ? 'a' : tainted); // no flow
  const repo: Repo = new SqlRepo('x');
  sink(repo.find('y')); // no flow
}
