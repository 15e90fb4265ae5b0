import { plainText } from '../../base/text.ts';
import { command } from '../command.ts';

export const undoCommand = command<{ dryRun?: boolean }>({
  summary: 'Take back what you did to tasks last',
  example: 'forge undo --dry-run',
  details:
    'Takes back one step: an edit, a new task (which is closed), a closed or reopened one, a dependency, a place in a batch. Again: the step before it. What was changed since by somebody else is left alone.',
  flags: { dryRun: { kind: 'boolean', brief: 'Only say what that is', optional: true, withNegated: false } },
  async run(forge, { dryRun: isDryRun = false }) {
    const step = await forge.call('undo', { isDryRun });
    const words = plainText(step.words);
    return {
      json: { ...step, isDone: !isDryRun },
      text: isDryRun ? `It would take back: ${words}.` : `Taken back: ${words}.`,
    };
  },
});
