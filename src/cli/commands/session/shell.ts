import { ForgeError } from '../../../base/errors.ts';
import { command, text } from '../../command.ts';

export const sessionShellCommand = command<Record<string, unknown>, [string]>({
  summary: 'Open a shell of yours in the worktree of a run, beside its agent',
  example: 'forge session shell fg-a3f8',
  details:
    'Runs $SHELL there, or shows the one that was opened before, full-screen. The leader key (Ctrl-Q unless configured) comes back, and the shell goes on until it is left: exit. It is not recorded. With --json it is opened and not shown.',
  args: { kind: 'tuple', parameters: [text('run', 'Id of the run, or of its task')] },
  async run(forge, { json }, run) {
    if (!json && !forge.isTerminal) {
      throw new ForgeError('terminal.missing', 'A shell needs a terminal on both ends.', {
        next: 'Open it without looking at it: --json',
      });
    }
    const { id, cwd, labels } = await forge.call('session.shell', { run });
    if (!json) await forge.dashboard({ isDemo: false, isAll: false, session: id });
    return { json: { id, run: labels.shell, task: labels.task, worktree: cwd }, text: '' };
  },
});
