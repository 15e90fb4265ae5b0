import type { Clock } from '../../ports/clock.ts';
import type { Recordings } from '../transcript/recordings.ts';
import { adoptTerminal } from './adopted-terminal.ts';
import { HostSession, newEmulator } from './host-session.ts';
import type { KeeperFolders } from './keeper-folder.ts';
import type { SessionRecord } from './registry.ts';
import { restoreScreen } from './restore-screen.ts';

export interface AdoptionOptions {
  folders: KeeperFolders;
  recordings: Recordings;
  version: string;
  clock: Clock;
}

/**
 * The session of a dead host, alive again under the same id with the facts that were recorded; null when nothing holds its
 * terminal. Its program may have ended meanwhile: then what it wrote last is read, and its end told.
 */
export async function adoptSession(
  { facts, startTime, keeper, transcript }: SessionRecord,
  { folders, recordings, version, clock }: AdoptionOptions,
): Promise<HostSession | null> {
  const { id, pid, cols, rows } = facts;
  if (pid === null || startTime === null || keeper === null) return null;
  const handedOver = folders.takeHandedOver(id);
  const terminal = await adoptTerminal(folders, { id, pid, startTime, keeper, cols, rows }, handedOver !== null);
  if (!terminal) return null;
  const emulator = newEmulator(facts);
  const isRestored = await restoreScreen(emulator, handedOver, recordings.folderOf(id));
  const session = new HostSession({ terminal, facts, emulator, version, clock, recordings, transcript });
  if (handedOver && handedOver.typed.length > 0) session.input(handedOver.typed);
  if (!isRestored) void terminal.repaint();
  return session;
}
