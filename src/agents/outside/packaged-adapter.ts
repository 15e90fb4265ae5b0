import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Disposable, disposable } from '../../base/disposable.ts';
import { ForgeError } from '../../base/errors.ts';
import type { AgentReport } from '../../domain/agent-report.ts';
import { type AgentAdapter, contractVersion } from '../../ports/agent.ts';
import { adapterTools } from './adapter-tools.ts';
import { adapterProblem, isReport } from './check-shape.ts';

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
  const module = attempt(name, 'it cannot be loaded', () =>
    createRequire(join(adaptersDirectory, 'package.json'))(name),
  ) as { contract?: unknown; default?: unknown };
  if (module?.contract !== contractVersion) {
    const said = module?.contract === undefined ? 'does not say its contract' : `is of contract ${module.contract}`;
    throw broken(name, `it ${said}; this Forge has contract ${contractVersion}`);
  }
  const { default: exported } = module;
  return typeof exported === 'function' ? attempt(name, 'it threw', () => exported(adapterTools)) : exported;
}

/** What it throws is told as its fault, in words, to the one session or command that asked. */
function guarded(name: string, adapter: AgentAdapter): AgentAdapter {
  const { mentionFile, holdsConversation, follow } = adapter;
  return {
    ...adapter,
    name,
    find: (...given) => attemptLater(name, 'find', async () => adapter.find(...given)),
    launch: (...given) => attemptLater(name, 'launch', async () => adapter.launch(...given)),
    ...(mentionFile && {
      mentionFile: (path) => attempt(name, 'mentionFile threw', () => mentionFile.call(adapter, path)),
    }),
    ...(holdsConversation && {
      holdsConversation: (session) =>
        attemptLater(name, 'holdsConversation', async () => holdsConversation.call(adapter, session)),
    }),
    ...(follow && {
      follow: (session, hear) => {
        const checked = (report: AgentReport) => {
          if (isReport(report)) hear(report);
        };
        const following: Disposable = attempt(name, 'follow threw', () => follow.call(adapter, session, checked));
        return disposable(() => attempt(name, 'the end of follow threw', () => following?.dispose()));
      },
    }),
  };
}

function attempt<T>(name: string, what: string, act: () => T): T {
  try {
    return act();
  } catch (failure) {
    throw failure instanceof ForgeError ? failure : broken(name, `${what}: ${wordsOf(failure)}`, failure);
  }
}

async function attemptLater<T>(name: string, what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (failure) {
    throw failure instanceof ForgeError ? failure : broken(name, `${what} threw: ${wordsOf(failure)}`, failure);
  }
}

function wordsOf(failure: unknown): string {
  return (failure instanceof Error ? failure.message : String(failure)).split('\n')[0];
}

function broken(name: string, problem: string, cause?: unknown): ForgeError {
  return new ForgeError('adapter.broken', `The adapter package ${name} cannot be used: ${problem}`, { cause });
}
