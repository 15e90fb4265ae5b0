import { gitVersion } from '../../git/git-version.ts';
import type { DoctorCheck } from '../check.ts';

/** Ubuntu 22.04 and Debian 11 have newer ones. */
const least = [2, 30] as const;

export const gitVersionCheck: DoctorCheck = {
  name: 'git-version',
  why: 'Forge makes worktrees and keeps work with git.',
  fix: '',
  async look({ environment }) {
    const found = await gitVersion(environment);
    if (found === null) return [{ what: 'git is not on PATH.', next: `Install git ${least.join('.')} or newer.` }];
    const [major = 0, minor = 0] = found.split('.').map(Number);
    if (major > least[0] || (major === least[0] && minor >= least[1])) return [];
    return [{ what: `git is ${found}.`, next: `Install git ${least.join('.')} or newer.` }];
  },
};
