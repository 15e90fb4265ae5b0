import { counted } from '../../../base/counted.ts';
import { taskCommand, text } from '../../command.ts';

type ImportFlags = { format?: 'jsonl' | 'beads' | 'task-master' | 'markdown' | 'csv'; dryRun?: boolean };

export const taskImportCommand = taskCommand<ImportFlags, [string]>({
  summary: 'Take tasks from a file of another program',
  example: 'forge task import .beads/issues.jsonl --dry-run',
  details:
    'Reads beads (issues.jsonl), task-master (tasks.json), checklists in Markdown, CSV with a column "title", and what forge task export writes. All of the file is imported or, when a line is bad, nothing. What was imported before is left as it is.',
  flags: {
    format: {
      kind: 'enum',
      values: ['jsonl', 'beads', 'task-master', 'markdown', 'csv'],
      brief: 'What it is; otherwise seen from its name and beginning',
      optional: true,
    },
    dryRun: { kind: 'boolean', brief: 'Only say what would be imported', optional: true, withNegated: false },
  },
  args: { kind: 'tuple', parameters: [text('file', 'The file')] },
  async run(forge, { format, dryRun = false }, file) {
    const path = forge.filePath(file);
    const content = forge.readFile(path) ?? '';
    const result = await forge.call('task.import', { path, content, format, isDryRun: dryRun });
    const count = counted(result.added.length, 'task');
    const known = result.known === 0 ? '' : ` ${result.known} were known already and stay as they are.`;
    const line = `${dryRun ? 'Would import' : 'Imported'} ${count} (${result.format}).${known}`;
    return { json: result, text: [...result.notes, line].join('\n') };
  },
});

export const taskExportCommand = taskCommand<{ format?: 'jsonl' | 'markdown' | 'csv' }>({
  summary: 'Write all tasks to the standard output',
  example: 'forge task export --format markdown > tasks.md',
  details:
    'jsonl has everything, comments and history too; markdown is a checklist, csv a table. forge task import reads each of them. With --json the text is one JSON string.',
  flags: {
    format: { kind: 'enum', values: ['jsonl', 'markdown', 'csv'], brief: 'jsonl when not given', optional: true },
  },
  async run(forge, { format = 'jsonl' }) {
    const content = await forge.call('task.export', { format });
    return { json: content, text: content.replace(/\r?\n$/, '') };
  },
});
