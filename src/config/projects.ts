import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ForgeError } from '../base/errors.ts';
import { slug } from '../base/ids.ts';
import { withFileLock } from './file-lock.ts';
import { prefixPattern } from './options.ts';
import { parseYaml } from './read-layer.ts';
import { readText } from './read-text.ts';
import { readWhenChanged } from './read-when-changed.ts';
import { replaceFile } from './replace-file.ts';

const projectSchema = z.looseObject({
  /** Unique among the registered ones. */
  name: z.string().min(1).max(64),
  /** The main checkout. */
  path: z.string().min(1),
  prefix: z.string().regex(prefixPattern),
  /** Also in the project's database: by it a repository is known again that was moved. */
  id: z.string().optional(),
});
export type Project = z.infer<typeof projectSchema>;

const fileSchema = z.looseObject({ projects: z.array(projectSchema).default([]) });

/** The projects that Forge knows on this machine, in `projects.yaml`; several processes may write it. */
export interface ProjectRegistry {
  list(): Project[];
  find(path: string): Project | null;
  /** Adds the project, or returns the one that is registered at `path`. The name comes from its folder. */
  register(input: { path: string; prefix: string }): Promise<Project>;
  /** The project of this id has its checkout here now. */
  move(id: string, path: string): Promise<Project>;
  /** True when there was one. */
  remove(name: string): Promise<boolean>;
}

export function openProjectRegistry(file: string): ProjectRegistry {
  const present = readWhenChanged(file, () => read(file).projects);
  const update = <T>(change: (projects: Project[]) => { projects: Project[]; result: T }): Promise<T> => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return withFileLock(`${file}.lock`, () => {
      const before = read(file);
      const { projects, result } = change(before.projects);
      if (projects !== before.projects) replaceFile(file, stringify({ ...before, projects }));
      return result;
    });
  };
  return {
    list: () => [...present()],
    find: (path) => present().find((project) => project.path === path) ?? null,
    register: ({ path, prefix }) =>
      update((projects) => {
        const known = projects.find((project) => project.path === path);
        if (known?.prefix === prefix && known.id !== undefined) return { projects, result: known };
        const { name = freeName(projects, path), id = randomUUID() } = known ?? {};
        const added: Project = { ...known, name, path, prefix, id };
        return { projects: [...projects.filter((project) => project !== known), added], result: added };
      }),
    move: (id, path) =>
      update((projects) => {
        const known = projects.find((project) => project.id === id);
        if (known === undefined) throw new ForgeError('project.missing', `Forge knows no project ${id}.`);
        const moved = { ...known, path };
        return { projects: projects.map((project) => (project === known ? moved : project)), result: moved };
      }),
    remove: (name) =>
      update((projects) => {
        const kept = projects.filter((project) => project.name !== name);
        const isRemoved = kept.length < projects.length;
        return { projects: isRemoved ? kept : projects, result: isRemoved };
      }),
  };
}

/** A prefix that no project has: the wanted one, or that with a number, or one of two letters. */
export function freePrefix(wanted: string, projects: readonly Project[]): string {
  const taken = new Set(projects.map(({ prefix }) => prefix));
  const numbered = Array.from({ length: 98 }, (_, index) => `${wanted.slice(0, 6)}${index + 2}`);
  return [wanted, ...numbered].find((prefix) => !taken.has(prefix)) ?? wanted;
}

function freeName(projects: Project[], path: string): string {
  const wanted = slug(basename(path)) || 'project';
  const taken = new Set(projects.map((project) => project.name));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
  return name;
}

function read(file: string): z.infer<typeof fileSchema> {
  const text = readText(file);
  const parsed = fileSchema.safeParse(text === null ? {} : (parseYaml(file, text).data ?? {}));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ForgeError('config.invalid', `${file}: ${path.join('.') || 'the file'}: ${message}`);
}
