import {
  type BaseArgs,
  buildCommand,
  type Command,
  type CommandContext,
  type TypedCommandFlagParameters,
  type TypedCommandPositionalParameters,
} from '@stricli/core';
import type { ForgeCli, TaskCli } from './forge-cli.ts';

export interface CliContext extends CommandContext {
  forge: ForgeCli;
  /** Of the program, when the command itself does not fail. */
  exitWith(status: number): void;
}

/** What a command found: one JSON value for programs, text for people. */
export interface Report {
  json: unknown;
  text: string;
  /** The exit status when it is not 0: what was found is no success, and no error of Forge. */
  status?: number;
}

interface CommandRow<Flags extends Record<string, unknown>, Args extends BaseArgs, Cli = ForgeCli> {
  summary: string;
  /** One line that can be typed as it stands. */
  example: string;
  /** More than the summary, for `--help`. */
  details?: string;
  flags?: TypedCommandFlagParameters<Flags, CliContext>['flags'];
  args?: TypedCommandPositionalParameters<Args, CliContext>['positional'];
  run(forge: Cli, flags: Flags & { json?: boolean }, ...args: Args): Promise<Report | undefined>;
}

const jsonFlag = { kind: 'boolean', brief: 'Print one JSON value and nothing else', optional: true } as const;

/** A command of the program. Every one has `--help` with an example, and `--json`. */
export function command<
  Flags extends Record<string, unknown> = object & Record<string, unknown>,
  const Args extends BaseArgs = [],
>(row: CommandRow<Flags, Args>): Command<CliContext> {
  return buildCommand<Flags & { json?: boolean }, Args, CliContext>({
    docs: {
      brief: row.summary,
      fullDescription: [row.details ?? `${row.summary}.`, '', 'EXAMPLE', `  ${row.example}`].join('\n'),
    },
    parameters: {
      flags: { ...row.flags, json: jsonFlag },
      ...(row.args ? { positional: row.args } : {}),
    } as never,
    async func(flags, ...args) {
      const report = await row.run(this.forge, flags, ...args);
      if (!report) return;
      if (report.status !== undefined) this.exitWith(report.status);
      if (flags.json) this.process.stdout.write(`${JSON.stringify(report.json, null, 2)}\n`);
      else if (report.text !== '') this.process.stdout.write(`${report.text}\n`);
    },
  });
}

/** A command on tasks: it may use less, since they have a program of their own. */
export function taskCommand<
  Flags extends Record<string, unknown> = object & Record<string, unknown>,
  const Args extends BaseArgs = [],
>(row: CommandRow<Flags, Args, TaskCli>): Command<CliContext> {
  return command<Flags, Args>(row);
}

/** A positional argument that is plain text. */
export function text<const Name extends string>(placeholder: Name, brief: string) {
  return { placeholder, brief, parse: String };
}
