import { z } from 'zod';
import type { DeclaredAdapter } from '../domain/declared-adapter.ts';
import { readChecked } from './read-layer.ts';
import { ruleOptions, screenPattern } from './rule-options.ts';

const argumentList = z.array(z.string()).max(50);
// No star alone: an agent gets an allow-list, not everything.
const variable = z.string().regex(/^[A-Za-z_]\w*\*?$/, 'a variable name, or the beginning of some with a * behind it');

/** Everything that the YAML file of an adapter may say. */
export const adapterOptions = {
  contract: z.literal(1).describe('The version of the contract that it was written for.'),
  summary: z.string().min(1).max(200).describe('What the program is, in a sentence.'),
  program: argumentList
    .default([])
    .describe('Program and first arguments where the agent has no `command`; empty: it must have one.'),
  start: argumentList
    .default([])
    .describe('Arguments of a new conversation. With `{conversation}` among them Forge chooses its id, a UUID.'),
  resume: argumentList
    .nullable()
    .default(null)
    .describe('Arguments that go on with `{conversation}`, in place of `start`; null: the program cannot.'),
  prompt: argumentList.default([]).describe('Arguments behind these when there is a prompt: `{prompt}`.'),
  conversationFile: z
    .string()
    .nullable()
    .default(null)
    .describe('File that is there while the program has the conversation. null: it is always asked to resume.'),
  endsByItself: z
    .boolean()
    .default(false)
    .describe("Whether the program's end is the end of its work (a script), or somebody leaving it (a chat)."),
  interruptKeys: z.string().nullable().default(null).describe('Keys that stop its work and leave it open.'),
  inputMark: screenPattern.nullable().default(null).describe('How the first line of its input begins: `^> `.'),
  inputHint: screenPattern.nullable().default(null).describe('What stands in its input when nothing does: `^Ask me`.'),
  mention: z
    .string()
    .includes('{path}', 'a text with {path} in it')
    .nullable()
    .default(null)
    .describe('How a prompt names a file, such as `@{path}`; null: by its path.'),
  rules: z.array(ruleOptions).max(50).default([]).describe('How its title and its screen are read; the first fits.'),
  environment: z
    .strictObject({
      passOn: z.array(variable).max(50).default([]).describe('Variables of its own that it gets; `NAME_*`: all such.'),
      holdBack: z
        .array(variable)
        .max(50)
        .default([])
        .describe('Variables that it does not get, though they are passed on to all.'),
    })
    .default({ passOn: [], holdBack: [] }),
  answersVersion: z.boolean().default(false).describe('Whether it may be asked with `--version`.'),
  install: z.string().max(200).default('').describe('What to do when the program is missing.'),
} as const;

export const adapterFileSchema = z.strictObject(adapterOptions).superRefine((file, { addIssue }) => {
  if (file.resume !== null && !file.resume.some((argument) => argument.includes('{conversation}')))
    addIssue({ code: 'custom', path: ['resume'], message: 'arguments with {conversation} in one of them' });
  if (file.resume !== null && !file.start.some((argument) => argument.includes('{conversation}')))
    addIssue({ code: 'custom', path: ['start'], message: 'arguments with {conversation}, which resume names again' });
  for (const [index, { title, lines }] of file.rules.entries())
    if (title === undefined && lines === undefined)
      addIssue({ code: 'custom', path: ['rules', index], message: 'a title or lines that the rule fits' });
});

/** Reads the YAML file of an adapter; null when there is none. Throws `config.invalid` with the position. */
export function readAdapterFile(file: string): DeclaredAdapter | null {
  return readChecked(file, adapterFileSchema, adapterOptions)?.values ?? null;
}
