import { join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import { nearestWord } from '../base/nearest-word.ts';
import type { DeclaredAdapter } from '../domain/declared-adapter.ts';
import type { AgentAdapter } from '../ports/agent.ts';
import { declaredAdapter } from './outside/declared-adapter.ts';
import { packagedAdapter } from './outside/packaged-adapter.ts';
import { agentAdapters, findAdapter } from './registry.ts';

/** A name that is a file name. */
const fileName = /^[a-z0-9][a-z0-9-]{0,63}$/;

export interface ShelfOptions {
  /** The person's own folder of adapters. */
  adaptersDirectory: string;
  /** The main checkout of a project, whose files declare adapters too; null: none. */
  repository: string | null;
  /** Reads the YAML file of an adapter; null when there is none. */
  readFile(path: string): DeclaredAdapter | null;
}

/**
 * Every adapter there is, by its name: those of Forge, then a YAML file of the project, one of the person, and a package of
 * the person. What was looked up once, or failed, is kept until it is forgotten.
 */
export class AdapterShelf {
  readonly #options: ShelfOptions;
  readonly #known = new Map<string, AgentAdapter | ForgeError>();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Throws `agent.missing`, `config.invalid` for a file with a fault in it, `adapter.broken` for such a package. */
  find(name: string): AgentAdapter {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.#look(name);
      this.#known.set(name, known);
    }
    if (known instanceof ForgeError) throw known;
    return known;
  }

  /** Files are read again from now on. A package stays as it was loaded until Forge is started anew. */
  forget(): void {
    this.#known.clear();
  }

  /** The files in which an adapter of that name may be declared, the one that wins first. */
  filesOf(name: string): string[] {
    const { repository, adaptersDirectory } = this.#options;
    const folders = [...(repository === null ? [] : [join(repository, '.forge', 'adapters')]), adaptersDirectory];
    return fileName.test(name) ? folders.map((folder) => join(folder, `${name}.yaml`)) : [];
  }

  #look(name: string): AgentAdapter | ForgeError {
    try {
      return findAdapter(name) ?? this.#declared(name) ?? this.#packaged(name) ?? missing(name);
    } catch (failure) {
      if (failure instanceof ForgeError) return failure;
      throw failure;
    }
  }

  #declared(name: string): AgentAdapter | null {
    for (const file of this.filesOf(name)) {
      const declared = this.#options.readFile(file);
      if (declared) return declaredAdapter(name, declared);
    }
    return null;
  }

  #packaged(name: string): AgentAdapter | null {
    return packagedAdapter(name, this.#options.adaptersDirectory);
  }
}

function missing(name: string): ForgeError {
  const names = agentAdapters.map((adapter) => adapter.name);
  const nearest = nearestWord(name, names);
  const next = nearest === null ? `Known: ${names.join(', ')}.` : `Did you mean ${nearest}?`;
  return new ForgeError('agent.missing', `There is no adapter ${name}.`, {
    next: `${next} One of your own belongs in ~/.forge/adapters.`,
  });
}
