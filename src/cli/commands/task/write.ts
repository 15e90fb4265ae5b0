import { numberParser } from '@stricli/core';
import { command, text } from '../../command.ts';
import { taskDetails } from '../../output/task.ts';

type DraftFlags = {
  body?: string;
  priority?: number;
  label?: readonly string[];
  dependsOn?: readonly string[];
  parent?: string;
  agent?: string;
  env?: readonly string[];
};

const draftFlags = {
  body: { kind: 'parsed', parse: String, brief: 'What the agent is told beside the title', optional: true },
  priority: { kind: 'parsed', parse: numberParser, brief: '0 (most urgent) to 4', optional: true },
  label: {
    kind: 'parsed',
    parse: String,
    brief: 'A label; can be given several times',
    optional: true,
    variadic: true,
  },
  dependsOn: {
    kind: 'parsed',
    parse: String,
    brief: 'A task that must be closed first; can be given several times',
    optional: true,
    variadic: true,
  },
  parent: { kind: 'parsed', parse: String, brief: 'The task that this one is a part of', optional: true },
  agent: { kind: 'parsed', parse: String, brief: 'The agent that should do it; "" for any', optional: true },
  env: {
    kind: 'parsed',
    parse: String,
    brief: 'NAME=VALUE in the environment of its agent; NAME alone takes it away; can be given several times',
    optional: true,
    variadic: true,
  },
} as const;

function draftOf({ body, priority, label, dependsOn, parent, agent, env }: DraftFlags) {
  return {
    ...(body === undefined ? {} : { body }),
    ...(priority === undefined ? {} : { priority }),
    ...(label === undefined ? {} : { labels: [...label] }),
    ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    ...(parent === undefined ? {} : { parent }),
    ...(agent === undefined ? {} : { agent: agent === '' ? null : agent }),
    ...(env === undefined ? {} : { env: Object.fromEntries(env.map(variableOf)) }),
  };
}

function variableOf(typed: string): [name: string, value: string | null] {
  const end = typed.indexOf('=');
  return end < 0 ? [typed, null] : [typed.slice(0, end), typed.slice(end + 1)];
}

export const taskAddCommand = command<DraftFlags, [string]>({
  summary: 'Add a task',
  example: 'forge task add "Fix the login" --priority 1 --body "It fails with an empty password."',
  flags: draftFlags,
  args: { kind: 'tuple', parameters: [text('title', 'What is to be done, in one line')] },
  async run(forge, flags, title) {
    const task = await forge.call('task.add', { title, ...draftOf(flags) });
    return { json: task, text: `Added ${taskDetails(task)}` };
  },
});

export const taskEditCommand = command<DraftFlags & { title?: string }, [string]>({
  summary: 'Change a task',
  example: 'forge task edit fg-a3f8 --title "Fix the login page" --priority 0',
  details:
    'Changes what is given and leaves the rest. --label and --depends-on replace the whole list; --env changes the variables it names.',
  flags: { ...draftFlags, title: { kind: 'parsed', parse: String, brief: 'The new title', optional: true } },
  args: { kind: 'tuple', parameters: [text('task', 'Id of the task')] },
  async run(forge, flags, id) {
    const title = flags.title === undefined ? {} : { title: flags.title };
    const task = await forge.call('task.edit', { id, patch: { ...title, ...draftOf(flags) } });
    return { json: task, text: taskDetails(task) };
  },
});
