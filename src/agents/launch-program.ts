import { ForgeError } from '../base/errors.ts';
import type { AgentDefinition } from '../domain/agent.ts';
import type { AgentAbilities, AgentFound, Launch, LaunchRequest } from '../ports/agent.ts';
import { type AdapterEnvironment, agentEnvironment, launchEnvironment } from './environment.ts';
import { askVersion, locateProgram } from './program.ts';

/** Of a program that Forge knows nothing about. */
export const noAbilities: AgentAbilities = {
  canResume: false,
  canFork: false,
  tellsTokens: false,
  tellsMoney: false,
  tellsPrompts: false,
};

/** What differs between adapters that start one program in a pane. */
export interface ProgramTraits {
  environment: AdapterEnvironment;
  /** The program and its first arguments when the definition has no command; null when it must have one. */
  command: readonly string[] | null;
  /** Whether `--version` may be asked. Never of a program that is not known to take it: it might start working. */
  answersVersion: boolean;
  /** What to do when the program is not there. */
  install: string;
}

/** Looks the agent's program up and asks it for its version. Never throws: a missing program is an answer. */
export async function findAgentProgram(
  traits: ProgramTraits,
  definition: AgentDefinition,
  environment: Record<string, string>,
  repository: string,
): Promise<AgentFound> {
  const [program] = commandOf(traits, definition) ?? [];
  if (program === undefined) return { isFound: false, ...missingCommand(definition) };
  const env = agentEnvironment(definition.env, environment, traits.environment);
  const path = locateProgram(program, { env, repository });
  if (path === null) return { isFound: false, ...missingProgram(traits, program, repository) };
  if (!traits.answersVersion) return { isFound: true, path, version: '' };
  const answer = await askVersion(path, env);
  if (answer.isAnswered) return { isFound: true, path, version: answer.version };
  return { isFound: false, problem: `${path} is there, but ${answer.problem}.`, next: `Run it by hand: ${path}` };
}

/** The launch of the agent's program with `args` after its own. Throws `config.invalid` or `agent.missing`. */
export function launchProgram(
  traits: ProgramTraits,
  request: LaunchRequest,
  argumentsOf: (own: string[]) => string[],
): Launch {
  const { definition, repository } = request;
  const command = commandOf(traits, definition);
  if (command === null) {
    const { problem, next } = missingCommand(definition);
    throw new ForgeError('config.invalid', problem, { next });
  }
  const [program, ...own] = command;
  const env = launchEnvironment(request, traits.environment);
  const path = locateProgram(program, { env, repository });
  if (path === null) {
    const { problem, next } = missingProgram(traits, program, repository);
    throw new ForgeError('agent.missing', problem, { next });
  }
  return { command: [path, ...argumentsOf(own)], env, conversation: null };
}

function commandOf(traits: ProgramTraits, definition: AgentDefinition): readonly string[] | null {
  const command = definition.command.length > 0 ? definition.command : traits.command;
  return command === null || command[0].trim() === '' ? null : command;
}

function missingCommand({ name }: AgentDefinition): { problem: string; next: string } {
  return {
    problem: `The agent ${name} has no command.`,
    next: `Give it one in .forge/config.yaml: agents: { ${name}: { command: ["./agent.sh", "{prompt}"] } }`,
  };
}

function missingProgram(traits: ProgramTraits, program: string, repository: string): { problem: string; next: string } {
  if (program.includes('/'))
    return {
      problem: `${program} is not an executable file${program.startsWith('/') ? '' : ` in ${repository}`}.`,
      next: `Correct the path in .forge/config.yaml, or make the file executable: chmod +x ${program}`,
    };
  return { problem: `${program} was not found on PATH.`, next: traits.install };
}
