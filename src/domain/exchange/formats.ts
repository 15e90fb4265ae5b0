import type { ForeignFile } from './foreign-task.ts';
import { readBeads } from './read-beads.ts';
import { readCsv } from './read-csv.ts';
import { readMarkdown } from './read-markdown.ts';
import { readTaskMaster } from './read-task-master.ts';

interface Format {
  read(content: string): ForeignFile;
  /** Whether a file of this name with this first line that is not empty looks like it. */
  isLike(name: string, start: string): boolean;
}

/** What other programs write, in the order in which a file is tried. `jsonl` is Forge's own, and is read by the store. */
export const formats = {
  beads: { read: readBeads, isLike: (name, start) => /\.jsonl$/.test(name) && /"(issue_type|created_at)"/.test(start) },
  'task-master': { read: readTaskMaster, isLike: (name) => /\.json$/.test(name) },
  markdown: { read: readMarkdown, isLike: (name) => /\.(md|markdown)$/.test(name) },
  csv: { read: readCsv, isLike: (name) => /\.csv$/.test(name) },
} as const satisfies Record<string, Format>;

export const importFormats = ['jsonl', ...Object.keys(formats)] as ('jsonl' | keyof typeof formats)[];
export type ImportFormat = (typeof importFormats)[number];

/** Null: it looks like none. */
export function recogniseFormat(name: string, content: string): ImportFormat | null {
  const start = /\S[^\n]*/.exec(content)?.[0] ?? '';
  const known = Object.entries(formats).find(([, format]) => format.isLike(name.toLowerCase(), start));
  if (known !== undefined) return known[0] as ImportFormat;
  return /\.jsonl$/i.test(name) ? 'jsonl' : null;
}
