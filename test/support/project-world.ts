import { join } from 'node:path';
import { type ForgePaths, forgePaths } from '../../src/config/paths.ts';
import { openProjectRegistry } from '../../src/config/projects.ts';
import { initProject } from '../../src/git/init-project.ts';
import { openProjectContext, type ProjectContext } from '../../src/main/project-context.ts';
import { gitTestEnvironment, makeRepository } from './git-repository.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A repository with Forge in it, and a home, without any daemon: what a command sees that runs on its own. */
export class ProjectWorld {
  readonly folder = temporaryFolder();
  readonly environment: Record<string, string> = { ...gitTestEnvironment, FORGE_HOME: join(this.folder, 'f') };
  readonly paths: ForgePaths = forgePaths(this.environment);
  root = join(this.folder, 'shop');
  /** What was said to the person since it was last looked at. */
  said: string[] = [];

  static async make(
    mode: 'standard' | 'stealth',
    files: Record<string, string> = { 'README.md': '# Shop\n' },
  ): Promise<ProjectWorld> {
    const world = new ProjectWorld();
    makeRepository(world.root, files);
    await initProject({ cwd: world.root, mode, prefix: 'fg', environment: world.environment });
    await openProjectRegistry(world.paths.projectsFile).register({ path: world.root, prefix: 'fg' });
    return world;
  }

  /** Another repository with Forge in it, in the same home. Returns its checkout. */
  async add(name: string, prefix: string): Promise<string> {
    const root = makeRepository(join(this.folder, name));
    await initProject({ cwd: root, mode: 'standard', prefix, environment: this.environment });
    await openProjectRegistry(this.paths.projectsFile).register({ path: root, prefix });
    return root;
  }

  open(root = this.root): Promise<ProjectContext> {
    const { paths, environment } = this;
    const warn = (line: string) => this.said.push(line);
    return openProjectContext({ repository: root, paths, environment, actor: 'ada', warn });
  }

  /** As one command does: opened, asked, left. */
  async run<T>(act: (context: ProjectContext) => T | Promise<T>, root = this.root): Promise<T> {
    const context = await this.open(root);
    try {
      return await act(context);
    } finally {
      context.dispose();
    }
  }

  titles(root = this.root): Promise<string[]> {
    return this.run(({ store }) => store.tasks.list().map(({ title }) => title), root);
  }
}
