import { command } from '../command.ts';
import type { DaemonReport } from '../forge-cli.ts';

export const hostStatusCommand = command({
  summary: 'Show the session host and the supervisor',
  example: 'forge host status',
  async run(forge) {
    const report = await forge.daemons();
    return { json: report, text: describe(report) };
  },
});

export const hostStopCommand = command<{ force?: boolean }>({
  summary: 'Stop the session host and the supervisor',
  example: 'forge host stop',
  details: 'Refused while sessions are alive, since they would end; --force ends them.',
  flags: { force: { kind: 'boolean', brief: 'End live sessions too', optional: true } },
  async run(forge, { force }) {
    const report = await forge.stopDaemons(force ?? false);
    return { json: report, text: 'The supervisor and the session host have stopped.' };
  },
});

export const hostRestartCommand = command({
  summary: 'Start the session host and the supervisor anew; agents go on',
  example: 'forge host restart',
  details: 'After an upgrade: the new version takes over every session with its screen. No agent is ended.',
  async run(forge) {
    const report = await forge.restartDaemons();
    return { json: report, text: describe(report) };
  },
});

function describe({ sessionHost, supervisor, logs }: DaemonReport): string {
  const host = sessionHost
    ? `runs as ${sessionHost.pid}, version ${sessionHost.version}, ${sessionHost.sessions} live sessions`
    : 'does not run; it starts when a session needs it';
  const application = supervisor
    ? `runs as ${supervisor.pid}, version ${supervisor.version}`
    : 'does not run; it starts when it is needed';
  return [`session host  ${host}`, `supervisor    ${application}`, `logs          ${logs}`].join('\n');
}
