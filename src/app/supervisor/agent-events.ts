import type { AgentReport } from '../../domain/agent-report.ts';
import type { SessionFacts, SessionStatus } from '../../domain/session.ts';
import type { RunMachineEvent } from '../../machines/run-events.ts';

/** What an agent said of its work, as an event of its run. `at`: when it said so, in ms since the epoch. */
export interface AgentEvent {
  event: Extract<RunMachineEvent, { type: 'agent.answered' | 'agent.waiting' }>;
  at: number;
}

/** By what it says of itself in its terminal, or by its title and its records together. Null: nothing that matters to its run. */
export function eventOfFacts(
  { program, endedAt }: SessionFacts,
  status: () => SessionStatus | null,
): AgentEvent | null {
  if (program !== null) {
    const { state, message, kind, at } = program;
    if (state === 'done') return { event: { type: 'agent.answered' }, at };
    return state === 'blocked' ? { event: { type: 'agent.waiting', reason: message ?? kind ?? '' }, at } : null;
  }
  const rest = endedAt === null ? status() : null;
  return rest?.state === 'done' ? { event: { type: 'agent.answered' }, at: rest.since } : null;
}

/** By a record of its own, for agents that say nothing in their terminal. */
export function eventOfReport(report: AgentReport): AgentEvent | null {
  if (report.type === 'answer') return { event: { type: 'agent.answered' }, at: report.at };
  if (report.type !== 'state' || report.state !== 'waiting') return null;
  return { event: { type: 'agent.waiting', reason: report.reason }, at: report.at };
}
