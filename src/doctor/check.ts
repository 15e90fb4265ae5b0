import type { Disposable } from '../base/disposable.ts';
import type { ForgePaths } from '../config/paths.ts';
import type { Run } from '../domain/run.ts';
import type { SessionFacts } from '../domain/session.ts';
import type { Git } from '../ports/git.ts';
import type { Store } from '../ports/store.ts';
import type { StoreLook } from '../store/look-at-store.ts';

/** A repository that Forge is set up in. */
export interface DoctorProject extends Disposable {
  name: string;
  root: string;
  /** Its `.forge`. */
  directory: string;
  /** The folder that holds its worktrees. */
  worktrees: string;
  commonDir: string;
  git: Git;
  /** What is stored, to look at; null when there is nothing, or it cannot be read, which a check of its own says. */
  look(): StoreLook | null;
  /** To mend it. */
  open(): Store;
  /** Environments that its own settings give to agents and workers, as they are written. */
  writtenEnvironments: readonly { file: string; place: string; env: Readonly<Record<string, string>> }[];
  /** Agents that workers are to run and that are not found, each with what to do. */
  missingAgents(): Promise<{ name: string; problem: string; next: string }[]>;
  /** Lets a supervisor, which is started when there is none, make true what each run needs. */
  settle(): Promise<void>;
}

/** All that checks look at. Nothing of it changes anything but what a mending calls for. */
export interface DoctorPlace {
  paths: ForgePaths;
  environment: Record<string, string>;
  projects: readonly DoctorProject[];
  /** Projects that cannot be opened, and why. */
  closed: readonly { name: string; why: string }[];
  /** What the session host knows; null: none runs. */
  sessions(): Promise<readonly SessionFacts[] | null>;
  isSupervisorThere(): Promise<boolean>;
  startHost(): Promise<void>;
  stopSupervisor(): Promise<void>;
  now(): number;
}

/** Something that is wrong. */
export interface Finding {
  /** In a sentence, with the names. */
  what: string;
  /** Mends it and says what was done. Left out: only a person can. */
  mend?: () => Promise<string>;
  /** What a person does when nothing mends it. */
  next?: string;
}

/** One kind of thing that can be wrong. */
export interface DoctorCheck {
  name: string;
  /** Why it matters. */
  why: string;
  /** What mending does; empty: only a person can. */
  fix: string;
  look(place: DoctorPlace): Promise<Finding[]>;
}

/** A check of each project by itself. */
export function inProjects(look: (project: DoctorProject, place: DoctorPlace) => Finding[] | Promise<Finding[]>) {
  return async (place: DoctorPlace): Promise<Finding[]> => {
    const found = await Promise.all(place.projects.map((project) => look(project, place)));
    return found.flat();
  };
}

/** The runs of a project, as far as they can be read. */
export function runsOf(project: DoctorProject): Run[] {
  return project.look()?.runs.list() ?? [];
}
