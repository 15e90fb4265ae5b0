import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { formats, importFormats, recogniseFormat } from '../../../domain/exchange/formats.ts';
import { tasksAsCsv, tasksAsMarkdown } from '../../../domain/exchange/write-tasks.ts';
import { taskLine } from '../../../domain/task-line.ts';
import { taskOperation } from '../../define-operation.ts';

export const taskImport = taskOperation({
  name: 'task.import',
  summary: 'Take tasks from a file of another program; all of it or nothing',
  input: z.object({
    /** Absolute path, by which the file is known again. */
    path: z.string(),
    /** A byte order mark is no part of it. */
    content: z.string().transform((text) => text.replace(/^\ufeff/, '')),
    format: z.enum(importFormats).optional(),
    isDryRun: z.boolean().default(false),
  }),
  run: ({ store, project }, { path, content, format = recogniseFormat(path, content), isDryRun }) => {
    if (format === null) {
      throw new ForgeError('usage.invalid', `${path} looks like none of: ${importFormats.join(', ')}.`, {
        next: 'Say which it is: forge task import FILE --format FORMAT',
      });
    }
    if (format === 'jsonl') return { format, isDryRun, ...store.imports.lines(content, isDryRun) };
    const source = `${format}:${path.startsWith(`${project.root}/`) ? path.slice(project.root.length + 1) : path}`;
    return { format, isDryRun, ...store.imports.foreign(source, formats[format].read(content), isDryRun) };
  },
});

const writers = {
  jsonl: (tasks) => tasks.map((task) => `${taskLine(task)}\n`).join(''),
  markdown: tasksAsMarkdown,
  csv: tasksAsCsv,
} as const satisfies Record<string, typeof tasksAsCsv>;

export const exportFormats = ['jsonl', 'markdown', 'csv'] as const;

export const taskExport = taskOperation({
  name: 'task.export',
  summary: 'All tasks as the text of a file',
  input: z.object({ format: z.enum(exportFormats).default('jsonl') }),
  run: ({ store }, { format }) => writers[format](store.export()),
});
