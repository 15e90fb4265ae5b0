import { DisposableStack } from '../../base/disposable.ts';
import { asForgeError, ForgeError } from '../../base/errors.ts';
import type { Connection } from '../../daemon/connection.ts';
import { frameKind } from '../../protocol/frames.ts';
import {
  type HostMethod,
  type HostParams,
  type HostResult,
  hostMethods,
  hostRequestSchema,
} from '../../protocol/host-messages.ts';
import { ansiLines, ansiRows } from '../screen/snapshot.ts';
import type { Recordings } from '../transcript/recordings.ts';
import type { HostSession } from './host-session.ts';
import type { SessionTable } from './session-table.ts';
import type { Viewer } from './viewer.ts';

/** Sessions that one client may look at at once. */
const viewersMax = 256;

export interface HostServices {
  table: SessionTable;
  recordings: Recordings;
  status: () => HostResult<'status'>;
  stop: (force: boolean) => Promise<void>;
}

/** Serves one client until it leaves. */
export function serveHostClient(connection: Connection, { table, recordings, status, stop }: HostServices): void {
  const held = new DisposableStack();
  const viewers = new Map<number, { viewer: Viewer; session: HostSession }>();
  let isWatching = false;
  const detach = (channel: number) => {
    const open = viewers.get(channel);
    viewers.delete(channel);
    open?.session.detach(open.viewer);
  };

  const methods: { [M in HostMethod]: (params: HostParams<M>) => HostResult<M> | Promise<HostResult<M>> } = {
    ensure: ({ spec }) => table.ensure(spec),
    list: () => table.list(),
    screen: async ({ session, format }) => {
      const { emulator } = table.get(session);
      await new Promise<void>((resolve) => emulator.write('', resolve));
      return format === 'ansi' ? ansiRows(emulator) : emulator.text();
    },
    recording: async ({ session }) => {
      const { cols, rows, endedAt } = table.factsOf(session);
      await recordings.flush();
      return { folder: recordings.folderOf(session), cols, rows, isEnded: endedAt !== null };
    },
    lines: async ({ session }) => {
      const { emulator } = table.get(session);
      await new Promise<void>((resolve) => emulator.write('', resolve));
      return ansiLines(emulator);
    },
    send: ({ session, data, mark }) => {
      const bytes = Buffer.from(data, 'base64');
      if (mark) table.get(session).inputMarked(bytes, mark);
      else table.get(session).input(bytes);
      return null;
    },
    kill: async ({ session, graceMs }) => {
      await table.get(session).kill(graceMs);
      return null;
    },
    forget: ({ session }) => {
      table.forget(session);
      return null;
    },
    attach: ({ session: id, channel, size }) => {
      if (viewers.size >= viewersMax && !viewers.has(channel)) {
        throw new ForgeError('usage.invalid', `${viewersMax} sessions are looked at already.`);
      }
      const session = table.get(id);
      if (size) session.resize(size.cols, size.rows);
      detach(channel);
      viewers.set(channel, { viewer: session.attach(connection, channel), session });
      return { cols: session.facts.cols, rows: session.facts.rows };
    },
    detach: ({ channel }) => {
      detach(channel);
      return null;
    },
    resize: ({ session, size }) => {
      table.get(session).resize(size.cols, size.rows);
      return null;
    },
    watch: () => {
      if (!isWatching) held.use(table.onFacts((facts) => connection.send({ type: 'facts', facts })));
      isWatching = true;
      return null;
    },
    status,
    stop: async ({ force }) => {
      await stop(force);
      return null;
    },
  };

  const answer = async (message: unknown): Promise<void> => {
    const request = hostRequestSchema.safeParse(message);
    if (!request.success) {
      connection.destroy();
      return;
    }
    const { id, method, params } = request.data;
    try {
      const parsed = hostMethods[method].params.safeParse(params);
      if (!parsed.success) throw new ForgeError('usage.invalid', `${method}: ${parsed.error.issues[0]?.message}`);
      const run = methods[method] as (params: unknown) => unknown;
      connection.send({ type: 'reply', id, result: await run(parsed.data) });
    } catch (failure) {
      connection.send({ type: 'failure', id, error: asForgeError(failure).toJSON() });
    }
  };

  held.use(
    connection.onBytes(({ kind, channel, payload }) => {
      if (kind !== frameKind.input) return;
      try {
        viewers.get(channel)?.session.input(payload);
      } catch {
        // The program does not read and a lot waits for it already. A keyboard has no answer either.
      }
    }),
  );
  held.use(
    connection.onDrain(() => {
      for (const { viewer } of viewers.values()) viewer.drained();
    }),
  );
  held.use(
    connection.onClose(() => {
      for (const channel of [...viewers.keys()]) detach(channel);
      held.dispose();
    }),
  );
  held.use(connection.onMessage((message) => void answer(message)));
}
