import { parseEnv } from 'node:util';
import { ForgeError } from '../base/errors.ts';
import { reference } from '../domain/agent-environment.ts';
import { readText } from './read-text.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** Where the `${VAR}` of an agent's environment are looked for, the first that has one wins. */
export interface VariableSource {
  /** What a person calls it. */
  name: string;
  values(): Values;
}

/** The environment that Forge was started with, then the files, in the grammar of `.env`. */
export function variableSources(environment: Values, files: readonly string[]): VariableSource[] {
  const ofFiles = files.map((file) => ({ name: file, values: () => readVariables(file) }));
  return [{ name: 'the environment', values: () => environment }, ...ofFiles];
}

/** A file that cannot be read has none: `.env` is also a folder, to some Python programs. */
function readVariables(file: string): Values {
  try {
    return parseEnv(readText(file) ?? '');
  } catch {
    return {};
  }
}

export function findVariable(sources: readonly VariableSource[], name: string): { value: string; from: string } | null {
  for (const source of sources) {
    const values = source.values();
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return { value, from: source.name };
  }
  return null;
}

/**
 * The environment of an agent with each `${VAR}` replaced by its value. Done at launch, so that no secret is kept in the
 * settings in force. Throws `config.invalid` that names the variable which is not set.
 */
export function expandEnvironment(
  env: Readonly<Record<string, string>>,
  sources: readonly VariableSource[],
): Record<string, string> {
  const expand = (key: string, text: string) =>
    text.replace(reference, (_, name: string) => {
      const found = findVariable(sources, name);
      if (found) return found.value;
      const [, ...files] = sources.map((source) => source.name);
      throw new ForgeError('config.invalid', `env.${key} of the agent needs ${name}, which is not set`, {
        next: `Set ${name} in ${['the environment that Forge is started with', ...files].join(', or in ')}.`,
      });
    });
  return Object.fromEntries(Object.entries(env).map(([key, text]) => [key, expand(key, text)]));
}
