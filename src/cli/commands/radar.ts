import { plainText } from '../../base/text.ts';
import { radarLines } from '../../domain/overlap-words.ts';
import { command } from '../command.ts';

export const radarCommand = command({
  summary: 'Show where live runs touch the same files, and an order of merging',
  example: 'forge radar',
  details:
    'Compares what live runs have changed, committed or not, with each other, with your own uncommitted changes (you) and with the branch that all is for. ≠ marks a file in which they conflict, ≈ one that both change and that merges cleanly; numbers are lines. The order is tried for real, beside the repository.',
  async run(forge) {
    const view = await forge.call('run.radar', {});
    const lines = radarLines(view).map(({ text }) => plainText(text));
    return { json: view, text: lines.join('\n') || 'No two live runs touch the same file.' };
  },
});
