import { ForgeError } from '../base/errors.ts';

/** How the keys of well-known services begin, and what only a secret looks like. */
const secretValues = [
  /^(sk|pk|rk)[-_][\w-]{8,}/,
  /^(gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ASIA|AIza|hf_|npm_|ya29\.)[\w-]{8,}/,
  /^eyJ[\w-]+\.eyJ[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i,
  // Long and mixed, as no name of a model or path is.
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=]{32,}$/,
];
const secretNames = /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$/i;
const plainValues = /^(\d*|true|false|yes|no|on|off)$|^[~./]/i;

/** Whether a variable as it is written seems to hold a secret itself, and does not only name where one is. */
export function looksSecret(name: string, text: string): boolean {
  const own = text.replace(/\$\{[A-Za-z_]\w*\}/g, '');
  if (plainValues.test(own)) return false;
  // Beside a `${VAR}` there is room for a word, such as `Bearer `.
  const lengthMin = own === text ? 1 : 8;
  return (secretNames.test(name) && own.length >= lengthMin) || secretValues.some((value) => value.test(own));
}

/** For what is stored where others read it. Throws `usage.invalid` with the way to name the secret instead. */
export function refuseSecrets(env: Readonly<Record<string, string | null>>): void {
  for (const [name, text] of Object.entries(env)) {
    if (text === null || !looksSecret(name, text)) continue;
    throw new ForgeError(
      'usage.invalid',
      `The value of ${name} looks like a secret, and tasks are committed as they are.`,
      {
        next: `Put it into .env, which git should ignore, and name it: --env '${name}=\${${name}}'`,
      },
    );
  }
}
