import { plainText } from '../../base/text.ts';
import { command } from '../command.ts';

export const redoCommand = command<{ dryRun?: boolean }>({
  summary: 'Do again what you took back last',
  example: 'forge redo --dry-run',
  details:
    'Does one step again that `forge undo` took back. Again: the step after it. Whatever else you do to a task ends that. What was changed since by somebody else is left alone.',
  flags: { dryRun: { kind: 'boolean', brief: 'Only say what that is', optional: true, withNegated: false } },
  async run(forge, { dryRun: isDryRun = false }) {
    const step = await forge.call('redo', { isDryRun });
    const words = plainText(step.words);
    return {
      json: { ...step, isDone: !isDryRun },
      text: isDryRun ? `It would do again: ${words}.` : `Done again: ${words}.`,
    };
  },
});
