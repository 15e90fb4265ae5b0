import { endSentence, ForgeError } from '../../base/errors.ts';
import type { AdapterReport } from '../../domain/adapter-report.ts';
import { command, text } from '../command.ts';

export const agentCheckCommand = command<{ recordings?: string }, [name: string]>({
  summary: 'Hold an adapter against its contract, and play recordings to it',
  example: 'forge agent check my-agent --recordings recordings',
  details:
    'Nothing is started, and no model is asked. Each recording is a folder: what a program wrote, when, and what was true; every change of its story must be seen within half a second, none missed and none invented. How to make one: docs/guide/write-an-adapter.md',
  flags: {
    recordings: { kind: 'parsed', parse: String, brief: 'Folder of recordings', placeholder: 'folder', optional: true },
  },
  args: { kind: 'tuple', parameters: [text('adapter', 'Name of the adapter')] },
  async run(forge, { recordings, json }, name) {
    const report = await forge.checkAdapter(name, recordings ?? null);
    const failed = report.checks.filter(({ problems }) => problems.length > 0).length;
    forge.print(json ? JSON.stringify(report, null, 2).split('\n') : linesOf(report));
    if (failed === 0) return undefined;
    throw new ForgeError('adapter.unfit', `${failed} of ${report.checks.length} checks of ${name} failed.`);
  },
});

function linesOf({ adapter, summary, checks }: AdapterReport): string[] {
  const lines = checks.flatMap(({ name, problems }) => [
    `${problems.length === 0 ? '✓' : '✗'} ${name}`,
    ...problems.map((problem) => `    ${endSentence(problem)}`),
  ]);
  return [`${adapter}: ${summary}`, ...lines];
}
