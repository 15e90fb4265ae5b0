import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Editor } from '../app/edit-task.ts';
import { DisposableStack } from '../base/disposable.ts';
import { ForgeError } from '../base/errors.ts';
import { plainText } from '../base/text.ts';
import { isProject } from '../config/is-project.ts';
import { type ForgePaths, personName } from '../config/paths.ts';
import type { Repository } from '../git/find-repository.ts';
import { usualRepository } from '../git/usual-repository.ts';
import type { OpenProject, OpenProjectOptions } from './open-project.ts';
import { rememberedProjects } from './remembered-settings.ts';
import { idIn, projectOfId } from './route-id.ts';
import { standardError } from './standard-error.ts';

/** Where a command was typed: the repository around it, and what it opens there, until it ends. */
export class Here {
  readonly paths: ForgePaths;
  readonly environment: Record<string, string>;
  readonly held = new DisposableStack();
  #found: Promise<Repository> | null = null;

  constructor(paths: ForgePaths, environment: Record<string, string>) {
    this.paths = paths;
    this.environment = environment;
  }

  /** Git looks for the repository while the rest is being loaded. What it throws is thrown where it is needed. */
  findMeanwhile(): void {
    this.repository().catch(() => {});
  }

  repository(): Promise<Repository> {
    this.#found ??= this.#find();
    return this.#found;
  }

  async root(): Promise<string> {
    return (await this.repository()).root;
  }

  /** What `forge init` has looked at needs no second look by git. */
  async #find(): Promise<Repository> {
    const usual = usualRepository(workingFolder(), this.environment);
    if (usual !== null && isProject(usual.root)) return usual;
    const { findRepository } = await import('../git/find-repository.ts');
    return findRepository(workingFolder(), this.environment);
  }

  /** Only what has to do with tasks: the rest takes longer to load than most of their commands take. */
  async openTasks(repository: Repository | string): Promise<OpenProject> {
    const { openProject } = await import('./open-project.ts');
    return this.hold(await openProject(this.openOptions(repository)));
  }

  openOptions(repository: Repository | string): OpenProjectOptions {
    const { paths, environment } = this;
    const warn = (line: string) => standardError().write(`forge: ${plainText(line)}\n`);
    const askOwner = (owned: string) => this.#askOwner(owned);
    const isAgent = environment.FORGE_RUN !== undefined;
    return { repository, paths, environment, actor: personName(environment), isAgent, warn, askOwner };
  }

  hold<T extends OpenProject>(project: T): T {
    for (const problem of project.problems()) standardError().write(`forge: ${problem}\n`);
    return this.held.use(project);
  }

  /** A supervisor that runs has the project open, with all that was in it: any question lets it put that back. */
  async #askOwner(root: string): Promise<void> {
    const { findSupervisor } = await import('./find-supervisor.ts');
    const link = await findSupervisor(this.paths);
    if (link === null) return;
    const { RemoteClient } = await import('../app/client.ts');
    const client = new RemoteClient(link, root, this.environment);
    await client.call('task.filter.list', {}).catch(() => {});
    client.dispose();
  }

  /** Where the project is that an id of the input belongs to, when that is another one than this; null: this one. */
  async placeOf(input: unknown): Promise<string | null> {
    const id = idIn(input);
    if (id === null) return null;
    const here = await this.root().catch(() => null);
    const place = projectOfId(id, here, await rememberedProjects(this.paths));
    if (place === null || here === null || !isProject(here)) return place;
    // A task that came from elsewhere keeps its id, and is of this project now.
    const { store } = await this.openTasks(await this.repository());
    return store.tasks.find(id) === null ? place : null;
  }
}

export function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new ForgeError('repository.missing', 'The folder that this shell is in does not exist any more.', {
      next: 'Go to a folder that is there: cd',
    });
  }
}

/** The absolute path of a file; throws `usage.invalid` when there is none. */
export function filePath(typed: string): string {
  const path = resolve(workingFolder(), typed);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  throw new ForgeError('usage.invalid', `There is no file ${path}.`);
}

/** The text of a file; null when there is none of that name. */
export function readFile(typed: string): string | null {
  const path = resolve(workingFolder(), typed);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null;
}

/** The person's editor; null: standard input or output is no terminal. */
export function editorOn(environment: Record<string, string>): Editor | null {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return null;
  return async (text, name) => {
    const { runEditor } = await import('./run-editor.ts');
    return runEditor(text, name, environment);
  };
}

/** All of the standard input. */
export async function readInput(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}
