import { ForgeError } from '../base/errors.ts';

/**
 * The environment of an agent with each `${VAR}` replaced by its value in `environment`. Done at launch, so that no
 * secret is kept in the settings in force. Throws `config.invalid` that names the variable which is not set.
 */
export function expandEnvironment(
  env: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const expand = (key: string, text: string) =>
    text.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
      const value = environment[name];
      if (value === undefined) {
        throw new ForgeError('config.invalid', `env.${key} of the agent needs ${name}, which is not set`, {
          next: `Set ${name} in the environment that Forge is started with.`,
        });
      }
      return value;
    });
  return Object.fromEntries(Object.entries(env).map(([key, text]) => [key, expand(key, text)]));
}
