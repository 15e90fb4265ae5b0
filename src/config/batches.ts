import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ForgeError } from '../base/errors.ts';
import type { Batch, BatchMember } from '../domain/batch.ts';
import type { Batches, OwnBatch } from '../ports/batches.ts';
import type { Clock } from '../ports/clock.ts';
import { withFileLock } from './file-lock.ts';
import { readWhenChanged } from './read-when-changed.ts';
import { replaceFile } from './replace-file.ts';

/** A line of the file. What a later version writes into it besides stays. */
const lineSchema = z.looseObject({
  name: z.string().min(1),
  createdAt: z.number(),
  tasks: z.array(z.looseObject({ project: z.string(), task: z.string() })),
});

interface Content {
  batches: Batch[];
  /** The batch of each task. */
  of: ReadonlyMap<string, string>;
  bad: { line: string; number: number }[];
}

/** Copies of the file elsewhere. Only whoever holds its lock may `settle` them. */
export interface BatchCopies {
  /** The file is gone, or says something else than the newest copy. */
  isDue(): boolean;
  /** Puts back a file that is gone, and copies one that has changed. */
  settle(): void;
}

export interface BatchFile extends Batches {
  /** A file that is gone comes back, and what was written into it by hand is copied. */
  settle(): Promise<void>;
}

/** Batches in one file, a line each, beside the list of the projects that they reach over; several processes may write it. */
export function openBatches(file: string, clock: Clock, copies: BatchCopies): BatchFile {
  const read = readWhenChanged(file, () => parse(textOf(file)));
  const update = <T>(change: (batches: readonly Batch[]) => { batches: readonly Batch[]; result: T }): Promise<T> => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return withFileLock(`${file}.lock`, () => {
      copies.settle();
      const before = read();
      const { batches, result } = change(before.batches);
      if (batches === before.batches) return result;
      replaceFile(file, write(batches, before.bad));
      copies.settle();
      return result;
    });
  };
  const withTasks = (batches: readonly Batch[], name: string, change: (tasks: BatchMember[]) => BatchMember[]) => {
    const batch = named(batches, name);
    const changed = { ...batch, tasks: change(batch.tasks) };
    return { batches: batches.map((one) => (one === batch ? changed : one)), result: changed };
  };
  const added = (batches: readonly Batch[], name: string, tasks: readonly BatchMember[]) =>
    withTasks(batches, name, (present) => joined(present, name, tasks, batches));
  return {
    create: (name, tasks) =>
      update((batches) => {
        if (batches.some((batch) => batch.name === name))
          throw new ForgeError('batch.exists', `There is a batch ${name} already.`);
        return added([...batches, { name, createdAt: clock(), tasks: [] }], name, tasks);
      }),
    add: (name, tasks) => update((batches) => added(batches, name, tasks)),
    remove: (name, tasks) =>
      update((batches) =>
        withTasks(batches, name, (present) => present.filter((one) => !tasks.some((gone) => isSame(one, gone)))),
      ),
    takeIn: (project, own) => update((batches) => takenIn(batches, project, own)),
    get: (name) => named(read().batches, name),
    list: () => [...read().batches],
    of: (member) => read().of.get(keyOf(member)) ?? null,
    settle: async () => {
      if (copies.isDue()) await update((batches) => ({ batches, result: undefined }));
    },
    problems: () =>
      read().bad.map(({ number }) => `${file}, line ${number}, is no batch that can be read. It stays as it is.`),
  };
}

function named(batches: readonly Batch[], name: string): Batch {
  const batch = batches.find((candidate) => candidate.name === name);
  if (batch) return batch;
  throw new ForgeError('batch.missing', `There is no batch ${name}.`);
}

function joined(
  present: BatchMember[],
  name: string,
  tasks: readonly BatchMember[],
  batches: readonly Batch[],
): BatchMember[] {
  const of = batchOf(batches);
  const fresh = tasks.filter((member) => of.get(keyOf(member)) !== name);
  for (const member of fresh) {
    const other = of.get(keyOf(member));
    if (other !== undefined) throw new ForgeError('batch.taken', `${member.task} is in the batch ${other}.`);
  }
  return [...present, ...new Map(fresh.map((member) => [keyOf(member), member])).values()];
}

function takenIn(batches: readonly Batch[], project: string, own: readonly OwnBatch[]) {
  const all = [...batches];
  const of = new Map(batchOf(batches));
  const result = new Map<string, string>();
  for (const { name, createdAt, tasks } of own) {
    const isFree = (candidate: string) =>
      all.every((batch) => batch.name !== candidate || batch.tasks.every((member) => member.project === project));
    const names = [name, ...Array.from({ length: 99 }, (_, n) => `${name}-${project}${n === 0 ? '' : `-${n + 1}`}`)];
    const free = names.find(isFree) ?? name;
    result.set(name, free);
    const present = all.find((batch) => batch.name === free);
    const fresh = tasks.map((task) => ({ project, task })).filter((member) => !of.has(keyOf(member)));
    for (const member of fresh) of.set(keyOf(member), free);
    if (present) all[all.indexOf(present)] = { ...present, tasks: [...present.tasks, ...fresh] };
    else all.push({ name: free, createdAt, tasks: fresh });
  }
  return { batches: all, result };
}

function parse(text: string): Content {
  const batches: Batch[] = [];
  const bad: Content['bad'] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const batch = readLine(line);
    if (batch === null || batches.some(({ name }) => name === batch.name)) bad.push({ line, number: index + 1 });
    else batches.push(batch);
  }
  batches.sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
  return { batches, of: batchOf(batches), bad };
}

function readLine(line: string): Batch | null {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function write(batches: readonly Batch[], bad: Content['bad']): string {
  return [...batches.map((batch) => JSON.stringify(batch)), ...bad.map(({ line }) => line)]
    .map((line) => `${line}\n`)
    .join('');
}

function batchOf(batches: readonly Batch[]): Map<string, string> {
  return new Map(batches.flatMap(({ name, tasks }) => tasks.map((member) => [keyOf(member), name] as const)));
}

function keyOf({ project, task }: BatchMember): string {
  return `${project} ${task}`;
}

function isSame(a: BatchMember, b: BatchMember): boolean {
  return a.project === b.project && a.task === b.task;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ForgeError('home.unusable', `${file} cannot be read: ${(failure as Error).message}`, {
      next: 'Make the file readable for you.',
    });
  }
}
