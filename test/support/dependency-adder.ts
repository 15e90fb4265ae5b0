/**
 * A process of its own that makes each of its tasks wait for one of another project, each at the same instant as the other
 * process: node dependency-adder.ts FORGE_HOME ROOT MEETING ME OTHER TASK,OTHER_TASK...
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgePaths } from '../../src/config/paths.ts';
import { openProject } from '../../src/main/open-project.ts';

const [home = '', root = '', meeting = '', me = '', other = '', ...pairs] = process.argv.slice(2);
const environment = { ...(process.env as Record<string, string>), FORGE_HOME: home };
const paths = forgePaths(environment);
const project = await openProject({ repository: root, paths, environment, actor: me, warn: () => {} });
const answers = pairs.map((pair, n) => {
  const [task = '', dependsOn = ''] = pair.split(',');
  writeFileSync(join(meeting, `${n}-${me}`), '');
  while (!existsSync(join(meeting, `${n}-${other}`)));
  try {
    project.store.tasks.addDependency(task, dependsOn);
    return 'waits';
  } catch (failure) {
    return (failure as { code: string }).code;
  }
});
project.dispose();
process.stdout.write(JSON.stringify(answers));
