import { numberParser } from '@stricli/core';
import { ForgeError } from '../../../base/errors.ts';

export type DraftFlags = {
  body?: string;
  priority?: number;
  label?: readonly string[];
  dependsOn?: readonly string[];
  parent?: string;
  related?: readonly string[];
  discoveredFrom?: string;
  assignee?: string;
  estimate?: number;
  acceptance?: string;
  agent?: string;
  env?: readonly string[];
};

const one = <const Brief extends string>(brief: Brief) =>
  ({ kind: 'parsed', parse: String, brief, optional: true }) as const;
const several = <const Brief extends string>(brief: Brief) => ({ ...one(brief), variadic: true }) as const;

/** What a task is given when it is added, and what can be changed of it. */
export const draftFlags = {
  body: one('What the agent is told beside the title'),
  priority: { kind: 'parsed', parse: numberParser, brief: '0 (most urgent) to 4', optional: true },
  label: several('A label; can be given several times'),
  dependsOn: several('A task that must be closed first; can be given several times'),
  parent: one('The task that this one is a part of'),
  related: several('A task that a reader should know; can be given several times'),
  discoveredFrom: one('The task in whose work this one was found'),
  assignee: one('Who is to do it; "" for anybody'),
  estimate: { kind: 'parsed', parse: minutesOf, brief: 'How long it takes: 90m, 2h; 0 for not known', optional: true },
  acceptance: one('What must be true for it to be accepted'),
  agent: one('The agent that should do it; "" for any'),
  env: several('NAME=VALUE in the environment of its agent; NAME alone takes it away; can be given several times'),
} as const;

export function draftOf({ label, dependsOn, related, estimate, env, ...flags }: DraftFlags) {
  const { body, priority, parent, discoveredFrom, assignee, acceptance, agent } = flags;
  return {
    ...(body === undefined ? {} : { body }),
    ...(priority === undefined ? {} : { priority }),
    ...(label === undefined ? {} : { labels: [...label] }),
    ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    ...(parent === undefined ? {} : { parent: parent || null }),
    ...(related === undefined ? {} : { related: related.filter(Boolean) }),
    ...(discoveredFrom === undefined ? {} : { discoveredFrom: discoveredFrom || null }),
    ...(assignee === undefined ? {} : { assignee: assignee || null }),
    ...(estimate === undefined ? {} : { estimateMinutes: estimate || null }),
    ...(acceptance === undefined ? {} : { acceptance: acceptance || null }),
    ...(agent === undefined ? {} : { agent: agent || null }),
    ...(env === undefined ? {} : { env: Object.fromEntries(env.map(variableOf)) }),
  };
}

/** The draft as a change: labels that begin with + or - are added or taken away, others replace the list. */
export function patchOf(flags: DraftFlags & { title?: string }) {
  const { labels = [], ...draft } = draftOf(flags);
  const startingWith = (sign: string) =>
    labels.filter((label) => label.startsWith(sign)).map((label) => label.slice(1));
  const plain = labels.filter((label) => !/^[+-]/.test(label));
  return {
    ...(flags.title === undefined ? {} : { title: flags.title }),
    ...draft,
    ...(plain.length === 0 ? {} : { labels: plain.filter(Boolean) }),
    ...(labels.length > plain.length && { addLabels: startingWith('+'), removeLabels: startingWith('-') }),
  };
}

function minutesOf(typed: string): number {
  const [, number, unit] = /^(\d{1,6})(m|h|)$/.exec(typed.trim()) ?? [];
  if (number === undefined) throw new ForgeError('usage.invalid', `${typed} is no time: 90m and 2h are.`);
  return Number(number) * (unit === 'h' ? 60 : 1);
}

function variableOf(typed: string): [name: string, value: string | null] {
  const end = typed.indexOf('=');
  return end < 0 ? [typed, null] : [typed.slice(0, end), typed.slice(end + 1)];
}
