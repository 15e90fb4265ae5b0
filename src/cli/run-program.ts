import { ExitCode, type RouteMap, run, type StricliProcess, text_en } from '@stricli/core';
import { asForgeError, endSentence, errorTable, ForgeError } from '../base/errors.ts';
import { buildApplicationOf } from './application.ts';
import type { CliContext } from './command.ts';
import type { ForgeCli } from './forge-cli.ts';

/** Runs one command line. Returns the exit status: 0, or the one of `base/errors.ts`. */
export async function runProgram(
  argv: readonly string[],
  forge: ForgeCli,
  routes: RouteMap<CliContext>,
  streams: Pick<StricliProcess, 'stdout' | 'stderr'>,
  env: Record<string, string>,
): Promise<number> {
  let failure: ForgeError | null = null;
  const formatted = (thrown: unknown) => {
    failure = withHelpOf(asForgeError(thrown), argv, routes);
    return describe(failure, argv.includes('--json'));
  };
  const application = buildApplicationOf(routes, forge.version, {
    exceptionWhileRunningCommand: formatted,
    commandErrorResult: formatted,
    exceptionWhileParsingArguments(thrown, isColoured) {
      const message = text_en.exceptionWhileParsingArguments.call(this, thrown, isColoured).split('\n').join(' ');
      return formatted(new ForgeError('usage.invalid', message.replace(/^Unable to parse arguments, /, '')));
    },
    noCommandRegisteredForInput: ({ input, corrections }) =>
      formatted(
        new ForgeError('usage.invalid', `There is no command ${input}.`, {
          next:
            corrections.length > 0
              ? `Did you mean: ${corrections.join(', ').replaceAll('`', '')}?`
              : 'See: forge --help',
        }),
      ),
  });
  const process: StricliProcess = Object.assign(streams, { env, exitCode: null });
  let status = 0;
  const exitWith = (asked: number) => {
    status = asked;
  };
  await run(application, argv, { process, forge, exitWith } as CliContext & { process: StricliProcess });
  const code = Number(process.exitCode ?? 0);
  if (code === 0) return status;
  if (code === ExitCode.UnknownCommand || code === ExitCode.InvalidArgument) return 2;
  return code < 0 || code > 127 ? ((failure as ForgeError | null)?.exitCode ?? 1) : code;
}

/** Of a command line that cannot be, the next step is the help of its own command. */
function withHelpOf(error: ForgeError, argv: readonly string[], routes: RouteMap<CliContext>): ForgeError {
  if (error.code !== 'usage.invalid' || error.next !== errorTable['usage.invalid'].next) return error;
  const path: string[] = [];
  let target: ReturnType<RouteMap<CliContext>['getRoutingTargetForInput']> = routes;
  for (const word of argv) {
    target = 'getRoutingTargetForInput' in target ? target.getRoutingTargetForInput(word) : undefined;
    if (target === undefined) break;
    path.push(word);
  }
  if (path.length === 0) return error;
  return new ForgeError(error.code, error.message, { next: `See: forge ${path.join(' ')} --help`, cause: error });
}

/** What happened, why, and the next step; as JSON for programs. Never a stack trace. */
function describe(error: ForgeError, isJson: boolean): string {
  if (isJson) return JSON.stringify({ error: error.toJSON() });
  const { message } = error;
  return `forge: ${endSentence(message)}\n${error.next}`;
}
