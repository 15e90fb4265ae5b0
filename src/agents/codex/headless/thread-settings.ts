/** Options of Codex's terminal interface that the app-server does not read, as the thread has them. */
const settings: Record<string, string | undefined> = {
  '-s': 'sandbox',
  '--sandbox': 'sandbox',
  '-a': 'approvalPolicy',
  '--ask-for-approval': 'approvalPolicy',
  '-m': 'model',
  '--model': 'model',
};

/** The definition's own arguments: what the thread is to be told, and what stays on the command line. */
export function threadSettings(own: readonly string[]): { thread: Record<string, string>; others: string[] } {
  const thread: Record<string, string> = {};
  const others: string[] = [];
  for (let at = 0; at < own.length; at++) {
    const [option, joined] = own[at].split(/=(.*)/s);
    const name = settings[option];
    if (name === undefined) others.push(own[at]);
    else thread[name] = joined ?? own[++at] ?? '';
  }
  return { thread, others };
}
