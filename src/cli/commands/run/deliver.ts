import { deliveries } from '../../../domain/completion.ts';
import { command, text } from '../../command.ts';

const kinds = deliveries.filter((kind) => kind !== 'none');

export const deliverCommand = command<{ as?: (typeof kinds)[number] }, [string]>({
  summary: 'Deliver the work of an ended run, again or in another way',
  example: 'forge deliver fg-a3f8-1 --as patch',
  details:
    'For a run that has ended, or whose branch waits to be merged: what is in its worktree is delivered as the settings say, or as --as says. What is delivered already is not delivered twice. A question that it asks is answered by asking for it again. A run that has not ended is delivered when it is accepted: forge approve.',
  flags: { as: { kind: 'enum', values: kinds, brief: 'How it leaves the worktree', optional: true } },
  args: { kind: 'tuple', parameters: [text('run', 'Id of the run, or of its task')] },
  async run(forge, flags, name) {
    const outcome = await forge.call('run.deliver', { run: name, as: flags.as });
    if (outcome.type === 'done') return { json: outcome, text: outcome.reason };
    if (outcome.type === 'failed') return { json: outcome, text: outcome.reason, status: 1 };
    const words = `It does not merge with ${outcome.against}: conflicts in ${outcome.files.join(', ')}.`;
    return {
      json: outcome,
      text: outcome.asks ? `${words} Asked for again, it is delivered all the same.` : words,
      status: 4,
    };
  },
});
