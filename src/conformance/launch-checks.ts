import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ForgeError } from '../base/errors.ts';
import type { AdapterCheck } from '../domain/adapter-report.ts';
import { runGit } from '../git/run-git.ts';
import type { AgentAdapter, Launch, LaunchRequest } from '../ports/agent.ts';

/** Of a person, in the environment that Forge was started with. Nothing may hand it to an agent unasked, or name it in arguments. */
const secret = 'a-secret-that-is-nobodys-business';
/** A prompt that shells, options and templates would take for something else. */
const awkward = '-say "hi" to $HOME, `id` and {task}: 表\nin two lines';
const conversation = '11111111-2222-5333-8444-555555555555';

/** Starts nothing: asks the adapter how it would start a program, in a throw-away repository, and looks what it has done. */
export async function launchChecks(adapter: AgentAdapter): Promise<AdapterCheck[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'forge-checked-')));
  try {
    const place = await makePlace(root);
    const before = treeOf(place);
    const checks: AdapterCheck[] = [];
    for (const { name, problemsOf } of rows) checks.push({ name, problems: await wordsOf(problemsOf, adapter, place) });
    const problems =
      treeOf(place) === before ? [] : ['Files in the repository or in the worktree are not as they were.'];
    return [...checks, { name: 'it writes neither into the repository nor into the worktree', problems }];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

interface LaunchCheck {
  name: string;
  problemsOf(adapter: AgentAdapter, request: LaunchRequest): Promise<string[]>;
}

const rows: readonly LaunchCheck[] = [
  {
    name: 'it finds its program, and says in words when it is not there',
    problemsOf: async (adapter, { definition, environment, repository }) => {
      const missing = { ...definition, command: [join(repository, 'no-such-program')] };
      const absent = await adapter.find(missing, environment, repository);
      const present = await adapter.find(definition, environment, repository);
      return [
        ...(absent.isFound ? ['It found a program that is not there.'] : []),
        ...(!absent.isFound && (absent.problem === '' || absent.next === '') ? ['It does not say what to do.'] : []),
        ...(present.isFound ? [] : [`It did not find the program that the agent names: ${present.problem}`]),
      ];
    },
  },
  {
    name: 'it starts the program that the agent names, with nothing that is secret in its arguments',
    problemsOf: async (adapter, request) => {
      const { command, env } = await adapter.launch(request);
      return [
        // It may be started by a program that talks to it.
        ...(command.some((argument) => argument.includes(request.definition.command[0]))
          ? []
          : [`It starts ${command[0]} instead.`]),
        ...(isAbsolute(command[0] ?? '') ? [] : ['The program is no absolute path.']),
        ...(command.some((argument) => argument.includes(secret))
          ? ['A value of the environment is an argument.']
          : []),
        ...(Object.values(env).some((value) => value.includes(secret))
          ? ['It passes on a variable that is neither its own nor allowed.']
          : []),
        ...(env.FORGE_SESSION === request.session ? [] : ['FORGE_SESSION is not the session.']),
        ...(env.PATH ? [] : ['There is no PATH.']),
      ];
    },
  },
  {
    name: 'the prompt arrives as it is',
    problemsOf: async (adapter, request) => {
      const { command, env } = await adapter.launch({ ...request, prompt: awkward });
      const at = command.findIndex((argument) => argument.includes(awkward));
      if (at === -1 && !Object.values(env).some((value) => value.includes(awkward)))
        return ['The prompt is nowhere in the arguments or the environment.'];
      const isOption = command[at] === awkward && !command.slice(1, at).includes('--');
      return isOption ? ['A prompt that begins with a dash would be taken for an option.'] : [];
    },
  },
  {
    name: 'a prompt is never a command of the program',
    problemsOf: async (adapter, request) => {
      if (adapter.endsByItself) return [];
      const { command } = await adapter.launch({ ...request, prompt: '/exit' });
      const isCommand = command.some((argument) => /(^|=)\s*\/exit$/.test(argument));
      return isCommand ? ['A task with the title /exit would be taken for a command.'] : [];
    },
  },
  {
    name: 'one session is started in one way',
    problemsOf: async (adapter, request) => {
      const [first, again] = [await adapter.launch(request), await adapter.launch(request)];
      return JSON.stringify(first) === JSON.stringify(again) ? [] : ['Two launches of one session differ.'];
    },
  },
  {
    name: 'it goes on with the conversation that it is given, if it says that it can',
    problemsOf: async (adapter, request) => {
      if (!adapter.abilities.canResume) return [];
      const launch = await adapter.launch({ ...request, resume: conversation });
      return [
        ...(launch.conversation === conversation ? [] : [`It says that it goes on with ${launch.conversation}.`]),
        ...(isNamed(launch) ? [] : ['The conversation is nowhere in the arguments or the environment.']),
      ];
    },
  },
  {
    name: 'it forks the conversation that it is given, if it says that it can',
    problemsOf: async (adapter, request) => {
      if (!adapter.abilities.canFork) return [];
      const launch = await adapter.launch({ ...request, fork: conversation }).catch((failure: unknown) => {
        // It copies the conversation itself, and says that there is none.
        if (failure instanceof ForgeError && failure.code === 'agent.unable') return null;
        throw failure;
      });
      if (launch === null) return [];
      return [
        ...(launch.conversation === conversation ? ['It says that the fork is the conversation itself.'] : []),
        ...(isNamed(launch) ? [] : ['The conversation is nowhere in the arguments or the environment.']),
      ];
    },
  },
  {
    name: 'it follows a session of which there are no records',
    problemsOf: async (adapter, request) => {
      if (!adapter.follow) return [];
      const session = { ...request, startedAt: 0, conversation };
      const heard: string[] = [];
      adapter.follow(session, (report) => heard.push(report.type)).dispose();
      return heard.length === 0 ? [] : [`It reports ${heard.join(', ')}.`];
    },
  },
];

function isNamed({ command, env }: Launch): boolean {
  return [...command, ...Object.values(env)].some((text) => text.includes(conversation));
}

async function wordsOf(problemsOf: LaunchCheck['problemsOf'], adapter: AgentAdapter, request: LaunchRequest) {
  try {
    return await problemsOf(adapter, request);
  } catch (failure) {
    return [`It threw: ${failure instanceof Error ? failure.message : failure}`];
  }
}

async function makePlace(root: string): Promise<LaunchRequest> {
  const [repository, worktree, home] = ['repository', 'worktree', 'home'].map((name) => join(root, name));
  for (const folder of [repository, worktree, home]) mkdirSync(folder);
  const program = join(root, 'program');
  writeFileSync(program, '#!/bin/sh\necho 1.2.3\n');
  chmodSync(program, 0o755);
  const environment = { PATH: '/usr/bin:/bin', HOME: home, SOMEBODYS_TOKEN: secret };
  await runGit({ cwd: repository, environment }, ['init', '-q']);
  return {
    definition: { name: 'checked', adapter: 'checked', command: [program], env: {} },
    ...{ prompt: 'Fix the login', resume: null, fork: null, task: 'fg-a3f8', run: 'r2k7', session: 'r2k7.1' },
    ...{ worktree, repository, environment, recordsDirectory: join(root, 'records'), forge: [join(root, 'forge')] },
  };
}

/** Every file of both, with its size and the time of its last change. */
function treeOf({ repository, worktree }: LaunchRequest): string {
  return [repository, worktree]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        return `${folder}/${name} ${size} ${mtimeMs}`;
      }),
    )
    .sort()
    .join('\n');
}
