import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { disposable } from '../../base/disposable.ts';
import { ForgeError } from '../../base/errors.ts';
import { type AgentReport, agentReportSchema } from '../../domain/agent-report.ts';
import { type AgentAdapter, contractVersion } from '../../ports/agent.ts';
import { adapterTools } from './adapter-tools.ts';
import { adapterProblem } from './check-shape.ts';

/** A name that npm takes, which is no path. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * The adapter that an npm package in the person's own folder exports; null: there is no such package. Never one of a
 * repository: it is code that runs inside Forge. Throws `adapter.broken` for one that cannot be used.
 */
export function packagedAdapter(name: string, adaptersDirectory: string): AgentAdapter | null {
  const folder = join(adaptersDirectory, 'node_modules', name);
  if (!packageName.test(name) || !existsSync(folder)) return null;
  const adapter = loaded(name, adaptersDirectory);
  const problem = adapterProblem(adapter);
  if (problem !== null) throw broken(name, problem);
  return guarded(name, adapter as AgentAdapter);
}

function loaded(name: string, adaptersDirectory: string): unknown {
  const module = attempt(name, 'it cannot be loaded', () => {
    const require = createRequire(join(adaptersDirectory, 'package.json'));
    const path = require.resolve(name);
    const own = realpathSync(join(adaptersDirectory, 'node_modules', name)) + sep;
    // Node would go on in the folders above.
    if (!path.startsWith(own)) throw new Error('it has no file that can be loaded');
    return require(path) as { contract?: unknown; default?: unknown };
  });
  if (module.contract !== contractVersion) {
    const said = module.contract === undefined ? 'does not say its contract' : `is of contract ${module.contract}`;
    throw broken(name, `it ${said}; this Forge has contract ${contractVersion}`);
  }
  const { default: exported } = module;
  return typeof exported === 'function' ? attempt(name, 'it threw', () => exported(adapterTools)) : exported;
}

/** What it throws is told as its fault, in words, to the one session or command that asked. */
function guarded(name: string, adapter: AgentAdapter): AgentAdapter {
  const { mentionFile, holdsConversation, follow } = adapter;
  const later = <T>(what: string, act: () => Promise<T>) =>
    act().catch((failure: unknown) => {
      throw told(name, `${what} threw`, failure);
    });
  return {
    ...withInherited(adapter),
    name,
    find: (...given) => later('find', async () => adapter.find(...given)),
    launch: (...given) => later('launch', async () => adapter.launch(...given)),
    ...(mentionFile && {
      mentionFile: (path) => attempt(name, 'mentionFile threw', () => mentionFile.call(adapter, path)),
    }),
    ...(holdsConversation && {
      holdsConversation: (session) => later('holdsConversation', async () => holdsConversation.call(adapter, session)),
    }),
    ...(follow && {
      follow: (session, hear) => {
        const hearChecked = (report: AgentReport) => {
          const { success, data } = agentReportSchema.safeParse(report);
          if (success) hear(data);
        };
        const following = attempt(name, 'follow threw', () => follow.call(adapter, session, hearChecked));
        return disposable(() => attempt(name, 'the end of follow threw', () => following?.dispose()));
      },
    }),
  };
}

/** What it has itself and from its classes. */
function withInherited(adapter: AgentAdapter): AgentAdapter {
  const names = new Set<string>();
  for (let at: object = adapter; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at))
    for (const key of Object.getOwnPropertyNames(at)) names.add(key);
  names.delete('constructor');
  return Object.fromEntries(
    [...names].map((key) => [key, adapter[key as keyof AgentAdapter]]),
  ) as unknown as AgentAdapter;
}

function attempt<T>(name: string, what: string, act: () => T): T {
  try {
    return act();
  } catch (failure) {
    throw told(name, what, failure);
  }
}

/** The failure as it is when Forge's own code has put it into words already. */
function told(name: string, what: string, failure: unknown): ForgeError {
  if (failure instanceof ForgeError) return failure;
  const [words] = (failure instanceof Error ? failure.message : String(failure)).split('\n');
  return broken(name, `${what}: ${words}`, failure);
}

function broken(name: string, problem: string, cause?: unknown): ForgeError {
  return new ForgeError('adapter.broken', `The adapter package ${name} cannot be used: ${problem}`, {
    next: `Check it: forge agent check ${name}`,
    cause,
  });
}
