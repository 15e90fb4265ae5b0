import type { Task, TaskComment } from '../task.ts';

/** A task as another program wrote it; ids are that program's own. */
export interface ForeignTask {
  /** Its id there, or what takes the place of one: the same in a second import. */
  key: string;
  /** Its id, where it has one that can be kept. */
  id: string | null;
  /** Counts from 1; of a file that is not read line by line, the place of the task. */
  line: number;
  title: string;
  isClosed: boolean;
  dependsOn: string[];
  parent: string | null;
  related: string[];
  discoveredFrom: string | null;
  fields: Partial<
    Pick<Task, 'body' | 'priority' | 'labels' | 'assignee' | 'estimateMinutes' | 'acceptance'> & {
      createdAt: number;
      updatedAt: number;
      closedAt: number | null;
      comments: TaskComment[];
    }
  >;
}

export interface ForeignFile {
  tasks: ForeignTask[];
  /** What could not be read, each with its place. Nothing is imported then. */
  problems: string[];
  /** What is left out, each with its place. */
  notes?: string[];
}

/** A task of which nothing but its title is known. */
export function foreignTask(key: string, line: number, title: string): ForeignTask {
  const links = { dependsOn: [], parent: null, related: [], discoveredFrom: null };
  return { key, id: null, line, title, isClosed: false, ...links, fields: {} };
}

/** Texts under headings, those that are there; the first has none. */
export function joinTexts(first: unknown, more: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(more).map(([heading, text]) =>
    typeof text === 'string' && text.trim() !== '' ? `## ${heading}\n\n${text.trim()}` : '',
  );
  return [typeof first === 'string' ? first.trim() : '', ...texts].filter(Boolean).join('\n\n');
}
