import { looksSecret } from '../../domain/secrets.ts';
import { type DoctorCheck, inProjects } from '../check.ts';

export const writtenSecretsCheck: DoctorCheck = {
  name: 'written-secrets',
  why: 'The settings of a project are committed as they are, or lie in it for every program to read.',
  fix: '',
  look: inProjects(({ writtenEnvironments }) =>
    writtenEnvironments.flatMap(({ file, place, env }) =>
      Object.entries(env)
        .filter(([name, text]) => looksSecret(name, text))
        .map(([name]) => ({
          what: `${file}: ${name} in ${place} seems to be a secret as it stands.`,
          next: `Put it into .env, which git should ignore, and write \${${name}} there; replace it where it was committed.`,
        })),
    ),
  ),
};
