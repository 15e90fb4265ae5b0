import { ForgeError } from '../../../base/errors.ts';
import type { TaskPatch } from '../../../domain/task.ts';
import type { TaskContext } from '../../context.ts';

/** Refuses the wish for an agent that the settings do not have. */
export function checkWish({ settings }: TaskContext, { agent }: TaskPatch): void {
  if (agent == null || settings.agents.some(({ name }) => name === agent)) return;
  const names = settings.agents.map(({ name }) => name).join(', ');
  throw new ForgeError('agent.missing', `No agent is named ${agent} in the settings. Defined: ${names}.`);
}
