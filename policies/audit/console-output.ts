import { log } from './log';

export async function post(entry: Entry): Promise<void> {
  // breach: audit/console-output
  console.log(`post ${entry.accountNo}`);
  // breach: audit/console-output
  entry.legs.forEach((leg) => console.debug(leg));
  // near-miss: the logger takes it
  log.info({ entry: entry.id }, 'post');
  // near-miss: another console
  adminConsole.log(entry.id);
}
