import { age } from '../../base/age.ts';
import { counted } from '../../base/counted.ts';
import { command } from '../command.ts';
import type { RestoreReport } from '../forge-cli.ts';
import { table } from '../output/table.ts';

export const backupMakeCommand = command({
  summary: 'Make a backup of .forge/ now',
  example: 'forge backup',
  details:
    'Backups are made by themselves whenever something changes; this one is for the moment before something you are not sure of.',
  async run(forge) {
    const backup = await forge.backup();
    return { json: backup, text: `Backed up as ${backup.name}\n  in ${backup.path}` };
  },
});

const batchesFlag = { kind: 'boolean', brief: 'Of the batches, which are of all projects', optional: true } as const;

export const backupListCommand = command<{ batches?: boolean }>({
  summary: 'List the backups of this project, the newest first',
  example: 'forge backup list',
  flags: { batches: batchesFlag },
  async run(forge, { batches = false }) {
    const backups = await (batches ? forge.batchBackups() : forge.backups());
    const rows = backups.map(({ name, at }) => [name, `${age(Date.now() - at)} ago`]);
    return {
      json: backups,
      text: await table(rows, 'None yet. One is made when something changes, or by: forge backup'),
    };
  },
});

export const restoreCommand = command<{ from?: string; batches?: boolean; dryRun?: boolean; force?: boolean }>({
  summary: 'Put .forge/ back to a backup',
  example: 'forge restore --dry-run',
  details:
    'The newest backup, or the one that --from names: the begin of its name (forge backup list) or a folder. --from jsonl makes the database anew from tasks.jsonl, --from database makes tasks.jsonl anew. --batches puts back the batches, and nothing of a project. What is there now is backed up first.',
  flags: {
    from: { kind: 'parsed', parse: String, brief: 'A backup, a folder, jsonl or database', optional: true },
    batches: batchesFlag,
    dryRun: { kind: 'boolean', brief: 'Say what would change, and change nothing', optional: true },
    force: { kind: 'boolean', brief: 'Also when live runs are not in the backup', optional: true },
  },
  async run(forge, { from = null, batches = false, dryRun: isDryRun = false, force = false }) {
    const report = await (batches ? forge.restoreBatches(from, isDryRun) : forge.restore({ from, isDryRun, force }));
    return { json: report, text: await describe(report, isDryRun) };
  },
});

async function describe(report: RestoreReport, isDryRun: boolean): Promise<string> {
  const would = isDryRun ? 'would be ' : '';
  const rows = report.files.map(({ name, change }) => [
    '',
    name,
    change === 'same' ? 'is the same' : `${would}${change}`,
  ]);
  const counts =
    report.tasks + report.runs > 0 ? `, with ${counted(report.tasks, 'task')} and ${counted(report.runs, 'run')}` : '';
  return [
    `${isDryRun ? 'Would restore' : 'Restored'} ${report.from}${counts}:`,
    await table(rows, '  nothing'),
    ...(report.problem === null ? [] : [`The database that was there cannot be read: ${report.problem}`]),
    ...(report.kept === null ? [] : [`What was there is in ${report.kept}`]),
  ].join('\n');
}
